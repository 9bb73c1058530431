//! Proofs of RFC 6962: that an entry is in a tree, that a tree continues another.
//!
//! For who holds one sentence or one old checkpoint, and not the log. Checking follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use maincourante_kernel::{Failure, Tx};

use crate::tree::{Frontier, Hash, node_hash};
use crate::{Log, store};

/// The path from entry `seq` of `log` to the root of its first `size` entries; none when there are not as many.
///
/// # Errors
/// When the database refuses.
pub async fn prove_entry(tx: &mut Tx, log: Log, seq: u64, size: u64) -> Result<Option<Vec<Hash>>, Failure> {
    let hashes = store::leaf_hashes(tx, &log.name(), size).await?;
    Ok((hashes.len() as u64 == size).then(|| inclusion(&hashes, seq)).flatten())
}

/// What shows that the first `new` entries of `log` begin with its first `old`; none when there are not as many.
///
/// # Errors
/// When the database refuses.
pub async fn prove_growth(tx: &mut Tx, log: Log, old: u64, new: u64) -> Result<Option<Vec<Hash>>, Failure> {
    let hashes = store::leaf_hashes(tx, &log.name(), new).await?;
    Ok((hashes.len() as u64 == new).then(|| consistency(&hashes, old)).flatten())
}

/// The audit path of the entry `index` among these.
pub fn inclusion(leaves: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let index = usize::try_from(index).ok().filter(|&index| index < leaves.len())?;
    let mut path = Vec::new();
    let (mut leaves, mut index) = (leaves, index);
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The proof that these entries begin with the first `old` of them.
pub fn consistency(leaves: &[Hash], old: u64) -> Option<Vec<Hash>> {
    let mut old = usize::try_from(old).ok().filter(|&old| old <= leaves.len())?;
    let mut path = Vec::new();
    if old == 0 || old == leaves.len() {
        return Some(path);
    }
    let mut leaves = leaves;
    // As long as only left turns were taken, the old root itself ends the path, and the verifier has it already.
    let mut only_left = true;
    while old != leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old <= left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            old -= left.len();
            leaves = right;
            only_left = false;
        }
    }
    if !only_left {
        path.push(root(leaves));
    }
    path.reverse();
    Some(path)
}

/// Whether `path` leads from the hash of entry `index` to `root`, the root of `size` entries.
pub fn entry_is_in(leaf: &Hash, index: u64, size: u64, root: &Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for other in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(other, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `path` shows that the tree of `new` continues the tree of `old` (sizes and roots).
pub fn tree_continues(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    let ((old, old_root), (new, new_root)) = (old, new);
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == Frontier::default().root();
    }
    if old > new {
        return false;
    }
    let (mut at, mut last) = (old - 1, new - 1);
    let turns = at.trailing_ones();
    at >>= turns;
    last >>= turns;
    // A perfect old tree is a subtree of the new one: its root begins the path without being written.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, path)
    } else {
        let Some((first, rest)) = path.split_first() else { return false };
        (first, rest)
    };
    let (mut from_old, mut from_new) = (*first, *first);
    for other in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            from_old = node_hash(other, &from_old);
            from_new = node_hash(other, &from_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == *old_root && from_new == *new_root
}

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Frontier::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// The largest power of two below `n`: where RFC 6962 cuts a tree of `n` leaves, `n` > 1.
fn split(n: usize) -> usize {
    1 << (n - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;
    use crate::tree::{leaf_hash, sha256, tests::leaves};

    fn hex(path: &[Hash]) -> Vec<String> {
        path.iter().map(|hash| HEXLOWER.encode(hash)).collect()
    }

    #[test]
    fn paths_are_those_of_the_known_vectors() {
        let leaves = leaves();
        assert_eq!(
            hex(&inclusion(&leaves, 0).unwrap()),
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
        assert_eq!(hex(&inclusion(&leaves[..3], 2).unwrap()), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
        assert_eq!(
            hex(&consistency(&leaves, 6).unwrap()),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            hex(&consistency(&leaves[..5], 2).unwrap()),
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ]
        );
    }

    // The definitions of RFC 6962, sections 2.1, 2.1.1 and 2.1.2, word for word: slow, and hard to get wrong.
    fn cut(n: usize) -> usize {
        (0..32).map(|power| 1 << power).take_while(|&k| k < n).last().unwrap()
    }
    fn mth(d: &[Hash]) -> Hash {
        match d {
            [] => sha256(&[]),
            [one] => *one,
            many => node_hash(&mth(&many[..cut(many.len())]), &mth(&many[cut(many.len())..])),
        }
    }
    fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() <= 1 {
            return vec![];
        }
        let k = cut(d.len());
        if m < k { [path(m, &d[..k]), vec![mth(&d[k..])]].concat() } else { [path(m - k, &d[k..]), vec![mth(&d[..k])]].concat() }
    }
    fn subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
        if m == d.len() {
            return if whole { vec![] } else { vec![mth(d)] };
        }
        let k = cut(d.len());
        if m <= k {
            [subproof(m, &d[..k], whole), vec![mth(&d[k..])]].concat()
        } else {
            [subproof(m - k, &d[k..], false), vec![mth(&d[..k])]].concat()
        }
    }

    proptest! {
        #[test]
        fn proofs_are_those_of_the_definitions_and_nothing_else_passes(
            size in 1usize..70, pick in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>(),
        ) {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let (index, old) = (pick.index(size), 1 + old.index(size));
            let (root_now, root_then, size) = (mth(&leaves), mth(&leaves[..old]), size as u64);
            prop_assert_eq!(root(&leaves), root_now);

            let mut there = inclusion(&leaves, index as u64).unwrap();
            prop_assert_eq!(&there, &path(index, &leaves));
            prop_assert!(entry_is_in(&leaves[index], index as u64, size, &root_now, &there));
            prop_assert!(!entry_is_in(&[9; 32], index as u64, size, &root_now, &there));
            prop_assert!(!entry_is_in(&leaves[index], size, size, &root_now, &there));
            if size > 1 {
                let other = (index as u64 + 1) % size;
                prop_assert!(!entry_is_in(&leaves[index], other, size, &root_now, &there));
                let at = flip.index(there.len());
                there[at][0] ^= 1;
                prop_assert!(!entry_is_in(&leaves[index], index as u64, size, &root_now, &there));
            }

            let mut grown = consistency(&leaves, old as u64).unwrap();
            prop_assert_eq!(&grown, &if old == leaves.len() { vec![] } else { subproof(old, &leaves, true) });
            prop_assert!(tree_continues((old as u64, &root_then), (size, &root_now), &grown));
            prop_assert!(!tree_continues((old as u64, &[9; 32]), (size, &root_now), &grown));
            prop_assert!(!tree_continues((old as u64, &root_then), (size, &[9; 32]), &grown));
            if let Some(at) = (!grown.is_empty()).then(|| flip.index(grown.len())) {
                grown[at][0] ^= 1;
                prop_assert!(!tree_continues((old as u64, &root_then), (size, &root_now), &grown));
            }
        }
    }

    #[test]
    fn what_is_out_of_the_tree_has_no_proof() {
        let leaves = leaves();
        assert!(inclusion(&leaves, 8).is_none() && consistency(&leaves, 9).is_none() && inclusion(&[], 0).is_none());
        assert!(tree_continues((0, &root(&[])), (8, &root(&leaves)), &[]));
        assert!(!tree_continues((0, &[9; 32]), (8, &root(&leaves)), &[]));
        assert!(!tree_continues((8, &root(&leaves)), (5, &root(&leaves[..5])), &[]));
    }
}

//! The Merkle tree of RFC 6962, section 2.1, and its frontier: what one must remember of the entries so far
//! to append the next and to say the root, whatever their number.

use ring::digest;

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf. The prefix tells it from a node: a node can never be passed off as an entry.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// The hash of the node above two others.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// SHA-256 of the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// The roots of the perfect subtrees of a tree, largest first: one for each bit set in its size.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of `size` entries, if there is the right number of hashes.
    pub fn new(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// As it lies in the base: the hashes, end to end.
    pub(crate) fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        rest.is_empty().then(|| Self::new(size, peaks.to_vec())).flatten()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// How many entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes, largest subtree first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// One more entry.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        // As one adds 1 in binary: each trailing 1 is a subtree as large as the one carried, and joins it.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                carried = node_hash(&left, &carried);
            }
        }
        self.peaks.push(carried);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => sha256(&[]),
            Some(&last) => peaks.fold(last, |right, left| node_hash(left, &right)),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// The eight leaves of the test vectors that Certificate Transparency implementations share.
    pub(crate) const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    pub(crate) fn leaves() -> Vec<Hash> {
        LEAVES.iter().map(|leaf| leaf_hash(&HEXLOWER.decode(leaf.as_bytes()).unwrap())).collect()
    }

    #[test]
    fn roots_are_those_of_the_known_vectors() {
        let mut tree = Frontier::default();
        assert_eq!(HEXLOWER.encode(&tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (leaf, root) in leaves().into_iter().zip(ROOTS) {
            tree.push(leaf);
            assert_eq!(HEXLOWER.encode(&tree.root()), root, "{} leaves", tree.size());
            assert_eq!(Frontier::from_bytes(tree.size(), &tree.to_bytes()).as_ref(), Some(&tree));
        }
    }

    #[test]
    fn a_frontier_has_one_hash_for_each_bit_of_its_size() {
        assert!(Frontier::new(3, vec![[0; 32]; 2]).is_some());
        assert!(Frontier::new(3, vec![[0; 32]; 3]).is_none());
        assert!(Frontier::from_bytes(1, &[0; 33]).is_none());
    }
}

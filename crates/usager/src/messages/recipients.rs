//! "À qui ?", as people write it: one address or several, with or without names around.

use maincourante_kernel::address::{BadAddress, MailAddress};

/// Reads `a@b.fr, Sophie <c@d.fr>; e@f.fr`, or says what is wrong with the first that cannot be read, and which it is.
pub(crate) fn parse(typed: &str) -> Result<Vec<MailAddress>, (BadAddress, String)> {
    let pieces = typed.split([',', ';', '\n']).map(str::trim).filter(|piece| !piece.is_empty());
    let read = |piece: &str| bare(piece).parse().map_err(|bad| (bad, piece.to_owned()));
    let all: Vec<MailAddress> = pieces.map(read).collect::<Result<_, _>>()?;
    if all.is_empty() { Err((BadAddress::Empty, String::new())) } else { Ok(all) }
}

/// The address between angle brackets, where there are some.
fn bare(piece: &str) -> &str {
    let inside = piece.strip_suffix('>').and_then(|piece| piece.rsplit_once('<'));
    inside.map_or(piece, |(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let read = |typed: &str| parse(typed).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(read(" sophie@exemple.fr ").as_deref(), Ok("sophie@exemple.fr"));
        assert_eq!(read("Sophie <s@e.fr>; r@e.fr,\nx@y.fr,").as_deref(), Ok("s@e.fr r@e.fr x@y.fr"));
        assert_eq!(read(" , ;"), Err((BadAddress::Empty, String::new())));
        assert_eq!(read("s@e.fr, rené"), Err((BadAddress::NoDomain, "rené".into())));
        assert_eq!(read("a b@c.fr"), Err((BadAddress::Malformed, "a b@c.fr".into())));
        assert_eq!(read("x <a@b.fr> y@z.fr").map_err(|(bad, _)| bad), Err(BadAddress::Malformed));
    }
}

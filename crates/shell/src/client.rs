//! Who asks, as an address: for rate limits, and for nothing else.
//!
//! `X-Forwarded-For` is read from the right, and only as far as proxies of the configuration vouch for it:
//! whatever a client wrote itself lies further left and is never reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use maincourante_identity::Requester;

use crate::{Broken, Shell};

/// A proxy, or a network of proxies, whose word is taken: `127.0.0.1`, `10.0.0.0/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trusted {
    address: IpAddr,
    bits: u8,
}

impl Trusted {
    fn holds(self, other: IpAddr) -> bool {
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(mine), IpAddr::V4(other)) => same_prefix(mine.to_bits().into(), other.to_bits().into(), self.bits, 32),
            (IpAddr::V6(mine), IpAddr::V6(other)) => same_prefix(mine.to_bits(), other.to_bits(), self.bits, 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_prefix(mine: u128, other: u128, bits: u8, width: u8) -> bool {
    bits == 0 || (mine ^ other) >> (width - bits) == 0
}

impl FromStr for Trusted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| "an address, or a network such as 10.0.0.0/8, is expected")?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| "the length of a network is a number")?;
        if bits > width { Err("the network is longer than its address") } else { Ok(Self { address, bits }) }
    }
}

/// The requester, as far as the network tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Client(IpAddr);

impl Client {
    pub(crate) fn find(connection: Option<&ConnectInfo<SocketAddr>>, headers: &HeaderMap, proxies: &[Trusted]) -> Self {
        // A server that does not say who connected counts everyone as one.
        let mut address = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let mut hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).map(str::trim).collect();
        while proxies.iter().any(|proxy| proxy.holds(address)) {
            let Some(Ok(earlier)) = hops.pop().map(str::parse::<IpAddr>) else { break };
            address = earlier.to_canonical();
        }
        Self(address)
    }

    /// What rate limits count by. One home has a whole /64 of IPv6: it counts as one.
    pub fn requester(self) -> Requester {
        Requester(match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        Ok(Shell::from_request_parts(parts, state).await?.client())
    }
}

// An address is personal data.
impl std::fmt::Debug for Client {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Client(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let peer = ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<Trusted> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        Client::find(Some(&peer), &headers, &proxies).requester().0.to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_their_address() {
        assert_eq!(found("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(found("203.0.113.9", &["198.51.100.1"], &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(found("127.0.0.1", &["198.51.100.1, 203.0.113.9"], &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(found("127.0.0.1", &["198.51.100.1", "203.0.113.9, 10.1.2.3"], &["127.0.0.1", "10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(found("127.0.0.1", &["nonsense"], &["127.0.0.1"]), "127.0.0.1");
        assert_eq!(found("::ffff:127.0.0.1", &["203.0.113.9"], &["127.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn one_home_is_one_requester() {
        assert_eq!(found("2001:db8:1:2:aaaa::1", &[], &[]), found("2001:db8:1:2:bbbb::2", &[], &[]));
        assert_ne!(found("2001:db8:1:2::1", &[], &[]), found("2001:db8:1:3::1", &[], &[]));
    }

    #[test]
    fn a_network_that_is_none_is_refused() {
        for bad in ["", "localhost", "10.0.0.0/33", "10.0.0.0/x"] {
            assert!(bad.parse::<Trusted>().is_err(), "{bad}");
        }
        assert!("0.0.0.0/0".parse::<Trusted>().unwrap().holds("203.0.113.9".parse().unwrap()));
    }
}

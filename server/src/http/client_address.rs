//! The address of a client: that of its connection, or the one that a trusted proxy reports.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRequestParts;
use axum::http::header::{FORWARDED, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use serde::Deserialize;

use super::{AppState, Peer};
use crate::error::Error;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Stands for all clients that no proxy named; no client can have it.
const UNNAMED: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// A proxy, or a network of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address = text.parse().map(|address: IpAddr| address.to_canonical().into());
        let network: IpNet = address.or_else(|_| text.parse()).map_err(|_| {
            format!("{text:?} is no address or network: give for instance 10.0.0.5 or 10.0.0.0/8")
        })?;
        if network.prefix_len() == 0 {
            return Err(format!("{text:?} is everybody: then everybody could choose an address"));
        }
        Ok(Self(network))
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The proxies whose headers are believed.
#[derive(Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    /// Whether the log told that headers are ignored.
    told: AtomicBool,
    /// Whether the log told that a client was not named.
    told_unnamed: AtomicBool,
}

impl TrustedProxies {
    /// Trusts these networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self { networks, ..Self::default() }
    }

    /// Whether an address is that of a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|Network(network)| network.contains(&address))
    }

    /// Returns the client of a request that arrived from `peer`: `peer` itself, or, if it is trusted, the last address
    /// that was reported and is not trusted. A client can put anything before that, so the headers are read from the
    /// right. `X-Forwarded-For` counts if there is one, otherwise `Forwarded` (RFC 7239). All clients that no proxy named
    /// share an address. `None`: a request of a trusted proxy itself.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.trusts(peer) {
            if headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED) {
                self.tell_ignored(peer);
            }
            return Some(peer.to_canonical());
        }
        let (name, read): (_, fn(&str) -> Option<IpAddr>) = if headers.contains_key(X_FORWARDED_FOR) {
            (X_FORWARDED_FOR, node)
        } else {
            (FORWARDED, element)
        };
        let lines: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
        let hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|&byte| byte == b','));
        let mut reported = hops.map(|hop| std::str::from_utf8(hop).ok().and_then(read)).peekable();
        let is_silent = reported.peek().is_none();
        match reported.find(|hop| !hop.is_some_and(|address| self.trusts(address))) {
            None if !is_silent => None,
            Some(Some(client)) => Some(client),
            None | Some(None) => {
                self.tell_unnamed(peer);
                Some(UNNAMED)
            }
        }
    }

    fn tell_unnamed(&self, peer: IpAddr) {
        if !self.told_unnamed.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the trusted proxy {peer} did not say whom a request comes from; all such clients share their limits"
            );
        }
    }

    fn tell_ignored(&self, peer: IpAddr) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a request from {peer} says that it was forwarded, which is not believed; \
                 if that is a proxy of yours, start the server with --trusted-proxy {peer}"
            );
        }
    }
}

/// An element of `Forwarded`, for instance `for="[2001:db8::1]:4711";proto=https`.
fn element(text: &str) -> Option<IpAddr> {
    let mut named = text.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    });
    let value = named.next().filter(|_| named.next().is_none())?;
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    node(quoted.unwrap_or(value))
}

/// An address, perhaps with a port. `unknown` and names that hide an address are none.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = || text.parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    bare().or_else(with_port).or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

/// The client's address, for limits; `None` if the request is of a trusted proxy itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequestParts<Arc<AppState>> for ClientAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Error> {
        let Peer(peer) = *parts.extensions.get::<Peer>().ok_or(Error::NotFound)?;
        Ok(Self(state.proxies.client(peer.ip(), &parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted() -> TrustedProxies {
        TrustedProxies::new(["10.0.0.0/8", "192.0.2.1", "fd00::/8"].map(|text| text.parse().unwrap()).into())
    }

    fn client(peer: &str, lines: &[(&'static str, &str)]) -> Option<IpAddr> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        trusted().client(peer.parse().unwrap(), &headers)
    }

    #[test]
    fn the_last_address_that_is_not_of_a_proxy_is_the_client() {
        for (peer, line, expected) in [
            ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("192.0.2.1", "203.0.113.7", "203.0.113.7"),
            ("::ffff:10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
            ("fd00::1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
            ("10.0.0.1", "1.1.1.1,\"x, 203.0.113.7:5000 ,192.0.2.1", "203.0.113.7"),
            ("10.0.0.1", "[2001:db8::7]:5000", "2001:db8::7"),
            ("10.0.0.1", "[2001:db8::7]", "2001:db8::7"),
        ] {
            assert_eq!(client(peer, &[("x-forwarded-for", line)]), Some(expected.parse().unwrap()), "{line}");
        }
        let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(client("10.0.0.1", &lines), Some("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn the_standard_header_is_read_alike() {
        for (line, expected) in [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=\"203.0.113.7:5000\";proto=https;by=10.0.0.1", "203.0.113.7"),
            ("for=1.1.1.1, proto=http; for=\"[2001:db8::7]:4711\"", "2001:db8::7"),
            ("for=203.0.113.7, for=10.2.3.4", "203.0.113.7"),
            ("for=\"1.1.1.1, for=203.0.113.7", "203.0.113.7"),
            ("for=\"1.1.1.1;host=\"x, y\", for=203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", line)]), Some(expected.parse().unwrap()), "{line}");
        }
        // Most proxies write the older one and pass on whatever stands in the other.
        let lines = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(client("10.0.0.1", &lines), Some("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn nobody_else_is_believed() {
        for peer in ["203.0.113.9", "11.0.0.1", "127.0.0.1", "::1"] {
            for line in [("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=1.1.1.1")] {
                assert_eq!(client(peer, &[line]), Some(peer.parse().unwrap()));
            }
        }
    }

    #[test]
    fn clients_that_no_proxy_named_share_an_address_and_a_proxy_has_none() {
        for line in ["unknown", "_hidden", "", "203.0.113.7, unknown", "1.1.1.1, 203.0.113.7:x"] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", line)]), Some(UNNAMED), "{line}");
        }
        for line in ["for=unknown", "by=10.0.0.1", "for=1.1.1.1;for=203.0.113.7", "203.0.113.7"] {
            assert_eq!(client("10.0.0.1", &[("forwarded", line)]), Some(UNNAMED), "{line}");
        }
        assert_eq!(client("10.0.0.1", &[]), Some(UNNAMED));
        for line in ["10.0.0.7", "192.0.2.1, 10.0.0.7"] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", line)]), None, "{line}");
        }
    }

    #[test]
    fn a_setting_names_addresses_or_networks() {
        for right in ["10.0.0.5", "10.0.0.0/8", "::1", "fd00::/8", "::ffff:10.0.0.5"] {
            assert!(right.parse::<Network>().is_ok(), "{right}");
        }
        for wrong in ["", "proxy.example", "10.0.0", "10.0.0.0/33", "0.0.0.0/0", "::/0"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}

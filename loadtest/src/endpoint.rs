//! Resolves the URL of the server.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::{Context, Result, bail};

/// A `ws://` or `wss://` URL, resolved once.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Whether TLS is spoken.
    pub is_secure: bool,
    /// Address to connect to.
    pub address: SocketAddr,
    /// Host and port, for the `Host` header.
    pub host: String,
    /// Path, with its leading `/`.
    pub path: String,
}

impl Endpoint {
    /// Parses `ws://host[:port][/path]`, or the same with `wss://`, and resolves the host.
    ///
    /// # Errors
    /// The scheme is another one, or the host cannot be resolved.
    pub fn resolve(url: &str) -> Result<Self> {
        let (is_secure, rest) = match (url.strip_prefix("ws://"), url.strip_prefix("wss://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            (None, None) => bail!("--url must begin with ws:// or wss://, not {url:?}"),
        };
        let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let host =
            if has_port { host.to_owned() } else { format!("{host}:{}", if is_secure { 443 } else { 80 }) };
        // IPv4 first: `localhost` may resolve to both, and idle connections need the many loopback addresses of IPv4.
        let mut addresses: Vec<SocketAddr> =
            host.to_socket_addrs().with_context(|| format!("cannot find the host of {url}"))?.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        let Some(&address) = addresses.first() else {
            bail!("the host of {url} has no address");
        };
        Ok(Self { is_secure, address, host, path: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_address() {
        let endpoint = Endpoint::resolve("ws://127.0.0.1:8765/ws").unwrap();
        assert_eq!((endpoint.address.port(), endpoint.path.as_str()), (8765, "/ws"));
        let endpoint = Endpoint::resolve("ws://[::1]:99").unwrap();
        assert!(endpoint.address.is_ipv6());
        assert_eq!(endpoint.path, "/");
        assert_eq!(Endpoint::resolve("ws://127.0.0.1/").unwrap().address.port(), 80);
        let secure = Endpoint::resolve("wss://127.0.0.1/").unwrap();
        assert!(secure.is_secure && secure.address.port() == 443);
        assert!(Endpoint::resolve("https://127.0.0.1/").is_err());
    }
}

//! The address of the page, for links that are made where no browser tells it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use url::{Host, Url};

use crate::config::{Config, DEFAULT_PORT, Listen};

/// The address of the page, without a slash at its end: the public one, otherwise one of a listening socket.
pub fn of(public_url: Option<&Url>, scheme: &str, addresses: &[SocketAddr]) -> String {
    if let Some(url) = public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let Some(address) = addresses.first() else { return format!("{scheme}://localhost:{DEFAULT_PORT}") };
    let ip = if address.ip().is_unspecified() { outward() } else { address.ip().to_canonical() };
    if ip.is_loopback() {
        return format!("{scheme}://localhost:{}", address.port());
    }
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

/// [`of`] with the settings of a server that does not run.
pub fn of_config(config: &Config) -> String {
    let address = match config.listen {
        Listen::At(address) => address,
        Listen::Loopback(port) => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
    };
    of(config.public_url.as_ref(), config.scheme(), &[address])
}

/// Whether only this machine reaches the server, as far as its settings tell: neither a public address nor a proxy is named.
pub fn is_local(config: &Config, addresses: &[SocketAddr]) -> bool {
    let is_public = config.public_url.as_ref().is_some_and(|url| match url.host() {
        Some(Host::Domain(name)) => name != "localhost",
        Some(Host::Ipv4(ip)) => !ip.is_loopback(),
        Some(Host::Ipv6(ip)) => !ip.is_loopback(),
        None => true,
    });
    let is_loopback = addresses.iter().all(|address| address.ip().to_canonical().is_loopback());
    is_loopback && !is_public && config.trusted_proxy.is_empty()
}

/// The address that this machine has towards others. Nothing is sent.
fn outward() -> IpAddr {
    let towards = |any: (IpAddr, u16)| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect(any).ok()?;
        socket.local_addr().ok().map(|address| address.ip())
    };
    // From the range for documentation (RFC 5737): nobody has it.
    towards((Ipv4Addr::new(192, 0, 2, 1).into(), 9)).unwrap_or(Ipv4Addr::LOCALHOST.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_where_people_reach_the_server() {
        let listening = |text: &str| [text.parse().unwrap()];
        let url = Url::parse("https://chat.example/square/").unwrap();
        assert_eq!(of(Some(&url), "http", &listening("127.0.0.1:1")), "https://chat.example/square");
        assert_eq!(of(None, "http", &listening("127.0.0.1:8765")), "http://localhost:8765");
        assert_eq!(of(None, "http", &listening("192.0.2.7:80")), "http://192.0.2.7:80");
        assert_eq!(of(None, "http", &listening("[2001:db8::1]:80")), "http://[2001:db8::1]:80");
        assert_eq!(of(None, "https", &listening("127.0.0.1:8765")), "https://localhost:8765");
        assert!(!of(None, "http", &listening("0.0.0.0:80")).contains("0.0.0.0"));
    }

    #[test]
    fn a_server_that_others_reach_is_not_local() {
        let local = || Config::new("data");
        let listening = |text: &str| [text.parse().unwrap()];
        assert!(is_local(&local(), &listening("127.0.0.1:1")) && is_local(&local(), &listening("[::1]:1")));
        assert!(!is_local(&local(), &listening("0.0.0.0:1")));
        let public = Config { public_url: Some(Url::parse("https://chat.example").unwrap()), ..local() };
        assert!(!is_local(&public, &listening("127.0.0.1:1")));
        let proxied = Config { trusted_proxy: vec!["127.0.0.1".parse().unwrap()], ..local() };
        assert!(!is_local(&proxied, &listening("127.0.0.1:1")));
    }
}

//! What counts as one address of a client.

use std::net::{IpAddr, Ipv6Addr};

/// Returns the address under which a client is counted or banned: of IPv6 its /64 network, because a customer gets a
/// whole one.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Whether an address is of the machine itself, as those of a proxy and of tests are.
pub fn is_own(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

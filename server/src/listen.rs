//! Listening and accepting: a long backlog and a tight accept loop, because in a storm of reconnects a dropped SYN is
//! retransmitted only after a second or more.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context, bail};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::config::Listen;
use crate::critical_tasks::CriticalTasks;

const BACKLOG: i32 = 4_096;
/// Accepted connections that wait to be served.
const ACCEPTED: usize = 1_024;
/// Pause after an accept error (no descriptors left).
const REST: std::time::Duration = std::time::Duration::from_millis(100);

/// Binds the sockets, that of `also` last.
///
/// # Errors
/// An address cannot be used. For a taken port, the message names the flag that chooses another.
pub fn bind(listen: Listen, also: Option<SocketAddr>) -> anyhow::Result<Vec<TcpListener>> {
    let mut listeners = bind_main(listen)?;
    if let Some(address) = also {
        let bound = open(address).with_context(|| format!("cannot listen on {address} (--http-listen)"))?;
        listeners.push(bound);
    }
    Ok(listeners)
}

/// Binds the socket for metrics.
///
/// # Errors
/// The address cannot be used.
pub fn bind_metrics(address: SocketAddr) -> anyhow::Result<TcpListener> {
    open(address).with_context(|| format!("cannot listen on {address} (--metrics-listen)"))
}

fn bind_main(listen: Listen) -> anyhow::Result<Vec<TcpListener>> {
    match listen {
        Listen::At(address) => Ok(vec![bind_one(address)?]),
        Listen::Loopback(port) => {
            let v4 = bind_one((Ipv4Addr::LOCALHOST, port).into())?;
            let port = v4.local_addr()?.port();
            match open((Ipv6Addr::LOCALHOST, port).into()) {
                Ok(v6) => Ok(vec![v4, v6]),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                    bail!(taken((Ipv6Addr::LOCALHOST, port).into()))
                }
                // The machine has no IPv6.
                Err(_) => Ok(vec![v4]),
            }
        }
    }
}

fn bind_one(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match open(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(taken(address)),
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address}")),
    }
}

fn taken(address: SocketAddr) -> String {
    format!(
        "port {port} of {ip} is taken by another program; choose another with --listen {next} \
         (ポート {port} は使用中です。--listen で別のポートを指定してください)",
        port = address.port(),
        ip = address.ip(),
        next = SocketAddr::new(address.ip(), address.port().wrapping_add(1).max(1024)),
    )
}

fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Lets a restarted server bind its port again at once.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Accepts on all sockets. Disables Nagle's algorithm, which would delay small frames by 40 ms.
pub fn accept(listeners: Vec<TcpListener>, tasks: &CriticalTasks) -> mpsc::Receiver<(TcpStream, SocketAddr)> {
    let (accepted, connections) = mpsc::channel(ACCEPTED);
    for listener in listeners {
        let accepted = accepted.clone();
        tasks.spawn("listener", async move {
            loop {
                tokio::select! {
                    () = accepted.closed() => return,
                    next = listener.accept() => match next {
                        Ok((stream, peer)) => {
                            let _ = stream.set_nodelay(true);
                            if accepted.send((stream, peer)).await.is_err() {
                                return;
                            }
                        }
                        Err(error) => {
                            tracing::warn!(%error, "cannot accept a connection");
                            tokio::time::sleep(REST).await;
                        }
                    }
                }
            }
        });
    }
    connections
}

//! Tells the operator of a server that nobody owns with which link one becomes its owner.

use std::io::{ErrorKind, IsTerminal, Write, stdout};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::chat::Chat;
use crate::store::sqlite::OWNER_LINK;

/// Makes the link if nobody owns the server, and shows it on the terminal, or writes it into a file for its user alone.
///
/// # Errors
/// The store cannot be used, or the file cannot be written.
pub async fn tell(chat: &Arc<Chat>, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(OWNER_LINK);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot replace {}", path.display()));
        }
        Ok(()) | Err(_) => {}
    }
    let Some(url) = chat.first_owner_url().await? else { return Ok(()) };
    if stdout().is_terminal() {
        println!(
            "\nNobody owns this square yet. Whoever opens this link within 24 hours becomes its owner.\n\
             この広場にはまだ所有者がいません。24 時間以内に次のリンクを開いた人が所有者になります。\n\n    {url}\n"
        );
        return Ok(());
    }
    let cannot = || format!("cannot write {}", path.display());
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&path).with_context(cannot)?;
    writeln!(file, "{url}").with_context(cannot)?;
    tracing::info!(
        "nobody owns this square yet: within 24 hours the link in {} makes somebody its owner",
        path.display()
    );
    Ok(())
}

//! Everything that is stored about an account, as a file.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::stream;
use shared::{Timestamp, UserName};

use super::AppState;
use super::accounts::Reader;
use crate::error::Error;
use crate::hub::wall_clock;

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/api/v1/account/download", get(download))
}

/// A page is read when the client has taken the one before. An error in the middle breaks the answer off.
async fn download(
    State(state): State<Arc<AppState>>,
    Reader(principal): Reader,
) -> Result<impl IntoResponse, Error> {
    let file = disposition(&principal.user.name, wall_clock());
    let download = state.chat.download(principal).await?;
    let pages = stream::try_unfold(download, async |mut download| {
        let page = download.next().await.map_err(Error::into_failure)?;
        Ok::<_, shared::Failure>(page.map(|page| (page, download)))
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (CONTENT_DISPOSITION, file),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pages)))
}

/// How the file is called: in plain letters for old clients (RFC 6266), and in full (RFC 8187).
fn disposition(name: &UserName, now: Timestamp) -> String {
    let now = now.to_string();
    let day = now.get(..10).unwrap_or_default();
    let name = name.as_str().chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' });
    let full = format!("hiroba-{}-{day}.jsonl", name.collect::<String>());
    let plain: String = full.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let encoded: String = full.bytes().map(encode).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_its_account_and_nothing_in_a_name_is_syntax() {
        let of = |name| disposition(&UserName::new(name).unwrap(), Timestamp::from_millis(1_795_406_706_789));
        let is =
            |plain: &str, full: &str| format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
        let bob = "hiroba-Bob-2-2026-11-23.jsonl";
        assert_eq!(of("Bob-2"), is(bob, bob));
        assert_eq!(
            of("花子"),
            is("hiroba-__-2026-11-23.jsonl", "hiroba-%E8%8A%B1%E5%AD%90-2026-11-23.jsonl")
        );
        let odd = "hiroba-a__.._b-2026-11-23.jsonl".replace("..", "__");
        assert_eq!(of("a\"/..;b"), is(&odd, &odd));
    }
}

//! Paths of the web client. Each has one canonical form; other forms are redirected to it, or are not found.

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The page, at a place that the client knows.
    Page,
    /// A file of the client, if it exists.
    File,
    /// A redirect to the canonical path.
    Moved(String),
    /// Not found.
    Nothing,
}

/// Whether a path belongs to the API.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Classifies a path that is not a route of the server. Takes the percent-encoded form: an encoded slash in a room name
/// is not a separator.
pub(super) fn way(path: &str) -> Way {
    // Browsers treat a backslash as a slash, so it must not appear in a redirect.
    if path.contains('\\') {
        return Way::Nothing;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let own = format!("/{}", parts.join("/"));
    if own != path {
        return Way::Moved(own);
    }
    match parts[..] {
        [] => Way::Page,
        ["index.html"] => Way::Moved("/".to_owned()),
        ["r", _] => Way::Page,
        ["r", _, "m" | "t", place] if is_place(place) => Way::Page,
        ["r", ..] => Way::Nothing,
        [.., last] if last.contains('.') => Way::File,
        _ => Way::Nothing,
    }
}

fn is_place(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_of_the_client_has_one_form() {
        for page in [
            "/",
            "/r/general",
            "/r/v1.2",
            "/r/a%2Fb",
            "/r/%E9%9B%91%E8%AB%87",
            "/r/general/m/12",
            "/r/general/t/12",
            "/r/m",
        ] {
            assert_eq!(way(page), Way::Page, "{page}");
        }
        for (path, own) in [
            ("//", "/"),
            ("/r/general/", "/r/general"),
            ("/r/general//", "/r/general"),
            ("/r//general", "/r/general"),
            ("/r/general/m/12/", "/r/general/m/12"),
            ("/healthz/", "/healthz"),
            ("/ws/", "/ws"),
            ("/index.html", "/"),
            ("/hiroba.css/", "/hiroba.css"),
        ] {
            assert_eq!(way(path), Way::Moved(own.to_owned()), "{path}");
        }
        for nothing in
            ["/r", "/r/a/b", "/r/general/m", "/r/general/m/x", "/r/general/m/1/2", "/settings", "/a/b"]
        {
            assert_eq!(way(nothing), Way::Nothing, "{nothing}");
        }
        assert_eq!((way("/hiroba.css"), way("/icons/a.svg")), (Way::File, Way::File));
    }

    #[test]
    fn no_redirect_leads_to_another_server() {
        for path in
            ["//evil.example", "///evil.example/", "//evil.example//r/x", "/\\evil.example/", "/r/\\/"]
        {
            match way(path) {
                Way::Moved(own) => assert!(own.starts_with('/') && !own.starts_with("//"), "{path}: {own}"),
                way => assert_eq!(way, Way::Nothing, "{path}"),
            }
        }
    }

    #[test]
    fn what_is_redirected_is_not_redirected_again_but_to_the_beginning() {
        for path in ["//", "/r/general/", "/a//b/", "/index.html/", "/r/x/m//3"] {
            let Way::Moved(own) = way(path) else { panic!("{path}") };
            assert!(!matches!(way(&own), Way::Moved(next) if next != "/"), "{path}");
        }
    }
}

//! What the paths of the web client lead to. Each has one form; others are redirected to it, or lead nowhere.

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To the page: a place that the client knows.
    Page,
    /// To a file of the client, if there is one.
    File,
    /// To the same place under its own path.
    Moved(String),
    /// Nowhere.
    Nothing,
}

/// Whether a path belongs to programs.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Where a path leads that is not a route of the server. It is looked at as it was sent, percent-encoded: a slash that
/// belongs to a room's name is none here.
pub(super) fn way(path: &str) -> Way {
    // Browsers take it for a slash, so that it may not stand in a redirect.
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
        ["r", _, "m", place] if is_place(place) => Way::Page,
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
        for page in
            ["/", "/r/general", "/r/v1.2", "/r/a%2Fb", "/r/%E9%9B%91%E8%AB%87", "/r/general/m/12", "/r/m"]
        {
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

//! What is on the page only while something is so.

use leptos::prelude::*;

/// Shows its children while `when` holds, and else the fallback. Leptos' own is compiled anew for every place that
/// uses it; this one is downloaded once.
#[component]
pub fn Show(
    /// The condition. Only its changes matter.
    #[prop(into)]
    when: Signal<bool>,
    /// What is shown instead.
    #[prop(into, optional)]
    fallback: ViewFn,
    /// What is shown.
    children: ChildrenFn,
) -> impl IntoView {
    // They live as long as the view, which may be longer than what surrounds it.
    let when = ArcSignal::from(when);
    let when = ArcMemo::new(move |_| when.get());
    move || if when.get() { children() } else { fallback.run() }
}

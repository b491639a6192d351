//! Conditional rendering.

use leptos::prelude::*;

/// Renders its children while `when` is true, otherwise the fallback. Leptos' own `Show` is compiled anew for every
/// use; this one is downloaded once.
#[component]
pub fn Show(
    /// The condition. Rerenders only when it changes.
    #[prop(into)]
    when: Signal<bool>,
    /// Rendered while the condition is false.
    #[prop(into, optional)]
    fallback: ViewFn,
    /// Rendered while the condition is true.
    children: ChildrenFn,
) -> impl IntoView {
    // Reference-counted: the view may outlive its surrounding owner.
    let when = ArcSignal::from(when);
    let when = ArcMemo::new(move |_| when.get());
    move || if when.get() { children() } else { fallback.run() }
}

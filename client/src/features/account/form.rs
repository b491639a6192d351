//! Text fields and a button that sends them, as signing in, signing up and changing a password need them.

use futures_util::future::LocalBoxFuture;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, Failure};

use super::texts;
use crate::core::requests::NoAnswer;
use crate::i18n::{Text, t, use_language};
use crate::ui::focus;
use crate::ui::show::Show;

/// A text field.
pub struct Field {
    /// Its id, and the name that the browser tests know.
    pub id: &'static str,
    pub label: &'static Text,
    /// What password managers may fill in.
    pub autocomplete: &'static str,
    pub is_password: bool,
    /// What it contains at first.
    pub value: String,
}

impl Field {
    pub const fn password(id: &'static str, label: &'static Text, autocomplete: &'static str) -> Self {
        Self { id, label, autocomplete, is_password: true, value: String::new() }
    }
}

/// A request that is under way.
pub type Sending = LocalBoxFuture<'static, Result<(), NoAnswer>>;

/// The form. While it is sent, it cannot be sent again; a refusal is shown and leaves what was typed.
#[component]
pub fn Form(
    fields: Vec<Field>,
    button: &'static Text,
    /// Whether it destroys something.
    #[prop(optional)]
    is_danger: bool,
    testid: &'static str,
    /// What is to be known of the passwords.
    hint: Option<&'static Text>,
    /// What is said of a wrong password, and the field that it is about.
    wrong: (&'static Text, usize),
    /// What else is asked, below the fields.
    #[prop(optional)]
    more: Option<AnyView>,
    /// Sends the values of the fields, in their order.
    send: Box<dyn Fn(Vec<String>) -> Sending>,
) -> impl IntoView {
    let language = use_language();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<NoAnswer>));
    let is_shown = RwSignal::new(false);
    let inputs: Vec<NodeRef<Input>> = fields.iter().map(|_| NodeRef::new()).collect();
    let first =
        format!("#{}", fields.iter().find(|field| field.value.is_empty()).map_or("", |field| field.id));
    request_animation_frame(move || focus::on(&first));
    let all = inputs.clone();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        // Read from the elements: password managers do not always tell what they fill in.
        let values: Vec<String> = all
            .iter()
            .map(|input| input.get_untracked().map(|input| input.value()).unwrap_or_default())
            .collect();
        if busy.get_untracked() {
            return;
        }
        if let Some(empty) = values.iter().position(String::is_empty) {
            if let Some(input) = all[empty].get_untracked() {
                focus::give(&input);
            }
            return;
        }
        busy.set(true);
        problem.set(None);
        let (sent, inputs) = (send(values), all.clone());
        spawn_local(async move {
            let done = sent.await;
            // The form may be gone with what it did.
            if busy.try_set(false).is_some() {
                return;
            }
            if let Err(error) = done {
                let at = match &error {
                    NoAnswer::Refused(Failure { code: ErrorCode::WrongCredentials, .. }) => wrong.1,
                    NoAnswer::Refused(Failure {
                        code: ErrorCode::NameTaken | ErrorCode::InvalidName | ErrorCode::InvalidField,
                        ..
                    }) => 0,
                    _ => inputs.len() - 1,
                };
                problem.set(Some(error));
                if let Some(input) = inputs.get(at).and_then(|input| input.get_untracked()) {
                    focus::give(&input);
                    input.select();
                }
            }
        });
    };
    let words = move || {
        problem.with(|problem| problem.as_ref().map(|error| texts::why(language.get(), error, wrong.0)))
    };
    let has_password = fields.iter().any(|field| field.is_password);
    let described = format!("{testid}-hint {testid}-problem");
    let one = |(field, input): (Field, NodeRef<Input>)| {
        let Field { id, label, autocomplete, is_password, value } = field;
        let kind = move || if is_password && !is_shown.get() { "password" } else { "text" };
        view! {
            <label class="field">
                <span class="field-label">{t(label)}</span>
                <input id=id data-testid=id type=kind autocomplete=autocomplete autocapitalize="none" spellcheck="false"
                    inputmode=(autocomplete == "email").then_some("email")
                    node_ref=input value=value aria-describedby=described.clone()
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    on:input=move |_| problem.set(None) />
            </label>
        }
    };
    let shown = fields.into_iter().zip(inputs).map(one).collect_view();
    view! {
        <form class="account-form" data-testid=testid on:submit=submit>
            {shown}
            <Show when=move || has_password>
                <label class="account-show">
                    <input type="checkbox" data-testid=format!("{testid}-show")
                        on:change=move |event| is_shown.set(event_target_checked(&event)) />
                    {t(&texts::SHOW_PASSWORD)}
                </label>
            </Show>
            {hint.map(|hint| view! { <p id=format!("{testid}-hint") class="hint">{t(hint)}</p> })}
            {more}
            <p id=format!("{testid}-problem") class="problem" role="alert" data-testid=format!("{testid}-problem")>
                {words}
            </p>
            <button type="submit" class=if is_danger { "button danger solid" } else { "button primary" }
                data-testid=format!("{testid}-send")
                aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { t(&texts::BUSY)() } else { t(button)() }}
            </button>
        </form>
    }
}

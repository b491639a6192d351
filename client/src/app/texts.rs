//! What this part of the page says.

use shared::account::DELETED_JA;

use crate::i18n::Text;

pub static SKIP_TO_COMPOSER: Text =
    Text { en: "Skip to the message box", ja: "メッセージ入力欄へ移動" };
pub static DELETED_USER: Text = Text { en: "Deleted user", ja: DELETED_JA };

//! What this part of the page says.

use crate::i18n::Text;

pub static EDIT_HISTORY: Text = Text { en: "Earlier texts", ja: "編集履歴" };
pub static FIRST_VERSION: Text = Text { en: "First text", ja: "最初の内容" };
pub static PRESENT_VERSION: Text = Text { en: "Present text", ja: "現在の内容" };

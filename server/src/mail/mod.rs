//! Mail to the owners of accounts: what it says, and the way to the operator's mail server.

mod letter;
mod mailer;
mod settings;

pub use letter::Letter;
pub use mailer::{Mailer, NotSent};
pub use settings::{MailSettings, SmtpUrl};

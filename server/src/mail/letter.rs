//! What mail says: in Japanese and in English, since nobody knows which of them its reader prefers.

use crate::mail_address::MailAddress;

/// A mail in plain text.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: MailAddress,
    pub subject: String,
    pub text: String,
}

impl Letter {
    /// The link with which somebody who forgot the password chooses a new one. It holds for an hour.
    pub fn new_password(to: MailAddress, site: &str, name: &str, url: &str) -> Self {
        let subject = "パスワードの再設定 / Choose a new password";
        let japanese = format!(
            "「{name}」さん\n\n\
             {site} の新しいパスワードは、次のリンクから設定できます。リンクは60分間有効で、使えるのは1回だけです。\n\n\
             {url}\n\n\
             心当たりがない場合は、何もする必要はありません。パスワードはそのままです。このリンクは、ほかの人には渡さないでください。"
        );
        let english = format!(
            "Hello {name},\n\n\
             with this link you choose a new password for {site}. It can be used once, within 60 minutes.\n\n\
             {url}\n\n\
             If you did not ask for it, there is nothing to do: your password stays as it is. Give the link to nobody."
        );
        Self::new(to, subject, &japanese, &english)
    }

    /// The link with which somebody confirms that the address is theirs. It holds for a day.
    pub fn confirmation(to: MailAddress, site: &str, name: &str, url: &str) -> Self {
        let subject = "メールアドレスの確認 / Confirm your mail address";
        let japanese = format!(
            "{site} のアカウント「{name}」に、このメールアドレスが登録されようとしています。\
             ご本人の場合は、次のリンクを開いて確認してください。リンクは24時間有効で、使えるのは1回だけです。\n\n\
             {url}\n\n\
             心当たりがない場合は、何もする必要はありません。アドレスは登録されません。"
        );
        let english = format!(
            "The account \"{name}\" on {site} wants to use this mail address. If it is yours, open this link to confirm it. \
             It can be used once, within 24 hours.\n\n\
             {url}\n\n\
             If you did not ask for it, there is nothing to do: the address will not be used."
        );
        Self::new(to, subject, &japanese, &english)
    }

    /// Somebody asked for an address that an account has already. `name` is that of the account which has it.
    pub fn in_use(to: MailAddress, site: &str, name: &str) -> Self {
        let subject = "メールアドレスは登録済みです / This mail address is in use already";
        let japanese = format!(
            "{site} で、このメールアドレスを別のアカウントに登録しようとした人がいます。\
             このアドレスはすでにアカウント「{name}」で使われているため、登録されませんでした。\n\n\
             心当たりがない場合は、何もする必要はありません。"
        );
        let english = format!(
            "Somebody on {site} wants to use this mail address for another account. It is in use already, by the account \
             \"{name}\", so that nothing was changed.\n\n\
             If it was not you, there is nothing to do."
        );
        Self::new(to, subject, &japanese, &english)
    }

    /// Tells the former address of an account that it is not used any more.
    pub fn former(to: MailAddress, site: &str, name: &str) -> Self {
        let subject = "メールアドレスが変更されました / Your mail address was changed";
        let japanese = format!(
            "{site} のアカウント「{name}」のメールアドレスが変更または削除されました。今後、このアドレスには送られません。\n\n\
             ご自身で変更していない場合は、すぐにパスワードを変更し、広場の管理者に連絡してください。"
        );
        let english = format!(
            "The mail address of the account \"{name}\" on {site} was changed or removed. Nothing more will be sent here.\n\n\
             If you did not do this, change your password at once and tell whoever looks after the square."
        );
        Self::new(to, subject, &japanese, &english)
    }

    fn new(to: MailAddress, subject: &str, japanese: &str, english: &str) -> Self {
        let text = format!("{japanese}\n\n----\n\n{english}\n");
        Self { to, subject: subject.to_owned(), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_tells_in_both_languages_who_what_and_how_long() {
        let to = || MailAddress::parse("hanako@example.jp").unwrap();
        let (site, url) = ("https://chat.example", "https://chat.example/#reset=0123");
        let Letter { text, .. } = Letter::new_password(to(), site, "花子", url);
        assert_eq!(text.matches(url).count(), 2);
        assert_eq!(text.matches("花子").count(), 2);
        assert!(text.contains("60分間") && text.contains("within 60 minutes"), "{text}");
        let Letter { text, .. } = Letter::confirmation(to(), site, "花子", url);
        assert!(text.contains("24時間") && text.contains("within 24 hours"), "{text}");
        for letter in [Letter::in_use(to(), site, "花子"), Letter::former(to(), site, "花子")] {
            assert!(!letter.text.contains('#') && letter.text.matches("花子").count() == 2);
        }
    }
}

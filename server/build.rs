//! Embeds the web client. `cargo xtask` names the folder of the trunk build; without one the server shows a page
//! that says how to get it.

fn main() {
    println!("cargo::rerun-if-env-changed=HIROBA_WEB_DIST");

    let web = std::env::var("HIROBA_WEB_DIST").ok().filter(|folder| !folder.is_empty());
    let web = web.unwrap_or_else(|| "src/http/no_client".to_owned());
    memory_serve::load_directory_with_embed(web, true);
}

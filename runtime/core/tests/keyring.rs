//! Tests a real keyring: run with `dbus-run-session`, an unlocked gnome-keyring, and
//! `GRAPHWRIGHT_KEYRING=1`. Without it the test does nothing, to leave the user's own keyring alone.

use graphwright_core::auth::{KeyringStore, TokenStore, Tokens};

#[tokio::test]
async fn tokens_are_kept_and_forgotten() {
    if std::env::var_os("GRAPHWRIGHT_KEYRING").is_none() {
        return;
    }
    let store = KeyringStore::new("graphwright-test", "localhost");
    store.clear().await.unwrap();
    assert!(store.load().await.unwrap().is_none());
    store.save(&Tokens::refresh("kept-for-a-test")).await.unwrap();
    let other = KeyringStore::new("graphwright-test", "localhost");
    assert!(other.load().await.unwrap().is_some(), "another store finds the entry");
    assert!(KeyringStore::new("graphwright-test", "elsewhere").load().await.unwrap().is_none());
    assert!(!format!("{store:?}").contains("kept-for-a-test"));
    store.clear().await.unwrap();
    assert!(store.load().await.unwrap().is_none());
    store.clear().await.unwrap();
}

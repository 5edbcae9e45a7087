//! Characters that nobody sees.

use gongkai::model::hidden::{is_hidden, may_be_in, places};

/// The quick pass over bytes misses none, wherever it stands.
#[test]
fn no_hidden_character_is_missed() {
    for c in ('\0'..=char::MAX).filter(|c| is_hidden(*c)) {
        for text in [format!("{c}"), format!("甲{c}"), format!("{c}乙"), format!("a{c}b")] {
            assert!(may_be_in(&text), "{c:?} in {text:?}");
            assert_eq!(places(&text).map(|(_, c)| c).collect::<Vec<_>>(), [c]);
        }
    }
}

#[test]
fn what_texts_hold_is_not_taken_for_hidden() {
    let text = "“甲”‘乙’…—　·「丙」～❤\u{fe0f}é𠮷\r\n\t〔2014〕№１２３。";
    assert_eq!(places(text).count(), 0);
}

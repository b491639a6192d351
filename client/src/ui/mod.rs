//! Building blocks of the page that know no feature: layers, dialogs, the pane, focus, icons, text boxes.

pub mod avatar;
pub mod barrier;
pub mod clock;
pub mod composing;
pub mod each;
pub mod failed;
pub mod focus;
pub mod focus_successor;
pub mod icons;
pub mod later;
pub mod later_popup;
pub mod layers;
pub mod long_press;
pub mod menu;
pub mod pane;
pub mod popup;
pub mod presence;
pub mod reasons;
pub mod room_name;
pub mod send_key;
pub mod show;
pub mod status;
pub mod text_box;
pub mod text_keeping;
pub mod texts;

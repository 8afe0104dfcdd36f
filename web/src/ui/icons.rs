//! The icons: small drawings in the colour of the text, never the only sign of anything.

use yew::prelude::*;

/// The drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Mark,
    Folder,
    File,
    Shield,
    Server,
    Lock,
    Key,
    Help,
    Sun,
    Moon,
    Eye,
    EyeOff,
    Close,
    Twist,
    Check,
    Clean,
    Held,
    Refused,
    Pending,
    Head,
    Letters,
    Layers,
    Document,
    Broken,
    Question,
    Twice,
    Picture,
    Person,
    Pause,
    Play,
    Stop,
    Undo,
    Print,
    Save,
    Arrow,
    Back,
    Info,
    Seal,
    Rows,
    Gauge,
}

const fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Rows => "M1.5 2.5h13v11h-13zM1.5 6h13M1.5 9.75h13M6 6v7.5",
        Icon::Gauge => "M2 12.5a6.5 6.5 0 1 1 12 0M8 11l3-4.5M4.2 12.5h7.6",
        Icon::Mark => {
            "M8 1.5v13M2 4.5v7a2.5 2.5 0 0 0 2.5 2.5M14 11.5v-7A2.5 2.5 0 0 0 11.5 2M8 5.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4"
        }
        Icon::Folder => {
            "M1.5 4.5v8a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-7a1 1 0 0 0-1-1H8l-1.5-2h-4a1 1 0 0 0-1 1z"
        }
        Icon::File => "M9.5 1.5h-5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1v-9zM9.5 1.5v3h3",
        Icon::Shield => "M8 1.5 2.5 3.5v4c0 3.5 2.3 6 5.5 7 3.2-1 5.5-3.5 5.5-7v-4z",
        Icon::Server => "M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.01M5 11.5h.01",
        Icon::Lock => "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
        Icon::Key => {
            "M10.5 2a3.5 3.5 0 1 1-3.2 5L2 12.3V14h2.5v-1.7h1.6v-1.6h1.5l.6-.9M11.5 4.5h.01"
        }
        Icon::Help => {
            "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.6-.8 1.2M8 11.4h.01"
        }
        Icon::Sun => {
            "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.1 3.1l1 1M11.9 11.9l1 1M12.9 3.1l-1 1M4.1 11.9l-1 1"
        }
        Icon::Moon => "M13.5 9.5A6 6 0 0 1 6.5 2.5 6 6 0 1 0 13.5 9.5z",
        Icon::Eye => {
            "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6"
        }
        Icon::EyeOff => {
            "M2 2l12 12M6.2 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a12 12 0 0 1-2 2.5M10.5 11.9A6 6 0 0 1 8 12.5C4 12.5 1.5 8 1.5 8a12 12 0 0 1 2.7-3.2"
        }
        Icon::Close => "M4 4l8 8M12 4l-8 8",
        Icon::Twist => "M5.5 3l5 5-5 5",
        Icon::Check => "M3 8.5l3.5 3.5L13 4.5",
        Icon::Clean => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5 8.2l2.2 2.2L11 6",
        Icon::Held => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M6.3 5.5v5M9.7 5.5v5",
        Icon::Refused => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M3.5 3.5l9 9",
        Icon::Pending => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.5V8l2.5 1.5",
        Icon::Head => {
            "M6 14.5V12H4.5a1 1 0 0 1-1-1V9L2.3 8.4 3.5 6a4.7 4.7 0 0 1 9.3.7c0 2-1.3 3-1.3 4.3v3.5"
        }
        Icon::Letters => {
            "M1.5 12.5 5 3.5l3.5 9M2.7 9.5h4.6M11 8.5h3.5v4M14.5 10.5h-2.2a1 1 0 0 0 0 2h1.2"
        }
        Icon::Layers => "M8 2 1.5 5.5 8 9l6.5-3.5zM1.5 9 8 12.5 14.5 9",
        Icon::Document => "M3.5 1.5h6l3 3v10h-9zM5.5 7h5M5.5 9.5h5M5.5 12h3",
        Icon::Broken => "M9.5 1.5h-6v6l2-1 2 2 2-2 3 1.5v-3.5zM3.5 10.5v4h9v-3.5",
        Icon::Question => "M5.5 5.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M8 12.5h.01",
        Icon::Twice => "M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3",
        Icon::Picture => "M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 12M10.5 5.8h.01",
        Icon::Person => {
            "M8 2a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 1 0 8 2M2.5 14c.6-3 2.8-4.3 5.5-4.3s4.9 1.3 5.5 4.3"
        }
        Icon::Pause => "M5.5 3.5v9M10.5 3.5v9",
        Icon::Play => "M5 3l8 5-8 5z",
        Icon::Stop => "M4 4h8v8H4z",
        Icon::Undo => "M5.5 2.5 2 6l3.5 3.500M2 6h7.500a4 4 0 0 1 0 8H6",
        Icon::Print => "M4.5 6V1.500h7V6M4.5 12h-3V6h13v6h-3M4.5 10h7v4.500h-7z",
        Icon::Save => "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.500h11",
        Icon::Arrow => "M2.5 8h11M9.5 4l4 4-4 4",
        Icon::Back => "M13.5 8h-11M6.5 4l-4 4 4 4",
        Icon::Info => "M8 1.500a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 7.500v3.500M8 5h.01",
        Icon::Seal => {
            "M8 1.200l1.7 1.3 2.1-.2.8 2 1.8 1.1-.5 2.1.5 2.1-1.8 1.1-.8 2-2.1-.2L8 13.800l-1.7-1.3-2.1.2-.8-2-1.8-1.1.5-2.1-.5-2.1 1.8-1.1.8-2 2.1.2zM5.5 7.700l1.8 1.8 3.2-3.6"
        }
    }
}

/// Properties of [`Draw`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct DrawProps {
    /// Which.
    pub(crate) icon: Icon,
    /// More classes.
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// Draws an icon, hidden from screen readers: the word stands beside it.
#[component]
pub(crate) fn Draw(props: &DrawProps) -> Html {
    html! {
        <svg class={classes!("icon", props.class.clone())} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={path(props.icon)} />
        </svg>
    }
}

//! The networks on one processor, each loaded when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use cordon_nets::text::TextNet;

use crate::device::Open;

/// What is loaded.
pub(crate) struct Nets {
    /// Where it is loaded to.
    pub(crate) open: Open,
    text: RefCell<Option<Rc<TextNet>>>,
}

impl Nets {
    /// Nothing is loaded yet.
    pub(crate) fn new(open: Open) -> Self {
        Self {
            open,
            text: RefCell::default(),
        }
    }

    /// The network that finds text.
    pub(crate) async fn text(&self) -> Result<Rc<TextNet>, String> {
        let known = self.text.borrow().clone();
        if let Some(net) = known {
            return Ok(net);
        }
        let net = Rc::new(crate::text::load(&self.open.device).await?);
        self.text.replace(Some(net.clone()));
        Ok(net)
    }
}

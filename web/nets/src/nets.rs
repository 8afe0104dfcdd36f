//! The networks on one processor, each loaded when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use cordon_inspect::face::FaceNets;
use cordon_nets::line::LineNet;
use cordon_nets::text::TextNet;

use crate::device::Open;
use crate::{face, text};

/// What is loaded.
pub(crate) struct Nets {
    /// Where it is loaded to.
    pub(crate) open: Open,
    text: RefCell<Option<Rc<TextNet>>>,
    line: RefCell<Option<Rc<LineNet>>>,
    face: RefCell<Option<Rc<FaceNets>>>,
}

impl Nets {
    /// Nothing is loaded yet.
    pub(crate) fn new(open: Open) -> Self {
        Self {
            open,
            text: RefCell::default(),
            line: RefCell::default(),
            face: RefCell::default(),
        }
    }

    /// The network that finds text.
    pub(crate) async fn text(&self) -> Result<Rc<TextNet>, String> {
        let known = self.text.borrow().clone();
        if let Some(net) = known {
            return Ok(net);
        }
        let net = Rc::new(text::load(&self.open.device).await?);
        self.text.replace(Some(net.clone()));
        Ok(net)
    }

    /// The network that reads a line.
    pub(crate) async fn line(&self) -> Result<Rc<LineNet>, String> {
        let known = self.line.borrow().clone();
        if let Some(net) = known {
            return Ok(net);
        }
        let net = Rc::new(text::load_line(&self.open.device).await?);
        self.line.replace(Some(net.clone()));
        Ok(net)
    }

    /// The networks that find heads and judge their surface.
    pub(crate) async fn face(&self) -> Result<Rc<FaceNets>, String> {
        let known = self.face.borrow().clone();
        if let Some(nets) = known {
            return Ok(nets);
        }
        let nets = Rc::new(face::load(&self.open.device).await?);
        self.face.replace(Some(nets.clone()));
        Ok(nets)
    }
}

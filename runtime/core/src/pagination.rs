//! Pagination (Relay's cursor connections).

use crate::client::{Client, Options};
use crate::error::Error;
use crate::operation::SingleResponse;
use crate::request::Outgoing;
use crate::task::Task;
use crate::transport::BoxFuture;
use futures_util::Stream;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// An operation that requests a page of a connection. The generator implements it if a connection takes its cursor
/// from a variable and selects the required fields of `pageInfo`.
pub trait Paginated: SingleResponse {
    /// An item of the list.
    type Node;

    /// Returns the page information of a response; `None` if a parent of the connection is null.
    fn page_info(data: &Self::Data) -> Option<PageInfo<'_>>;

    /// Returns the items without nulls.
    fn into_nodes(data: Self::Data) -> Vec<Self::Node>;

    /// Sets the variable for the start of the page.
    fn set_cursor(&mut self, cursor: &str);
}

/// The information about the next page in the direction of the list: the one after it, or before it if the operation
/// paginates backward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageInfo<'a> {
    /// `hasNextPage`, or `hasPreviousPage`.
    pub has_more: bool,
    /// `endCursor`, or `startCursor`.
    pub cursor: Option<&'a str>,
}

/// The pages of a list, as a stream; see [`Client::pages`].
///
/// It ends after the last page, or after an error: also if a server reports more pages without a cursor,
/// or repeats a cursor. The next page is requested when the stream is polled, unless
/// [`Pages::read_ahead`] is set.
#[must_use = "streams do nothing unless they are asked"]
pub struct Pages<O: Paginated> {
    client: Client,
    operation: O,
    options: Arc<Options>,
    next: Next<O::Data>,
    read_ahead: bool,
    cursor: Option<String>,
    seen: HashSet<u64>,
    hasher: RandomState,
}

enum Next<D> {
    Ask,
    Asked(BoxFuture<'static, Result<D, Error>>),
    Fail(Error),
    End,
}

impl<O> Pages<O>
where
    O: Paginated,
{
    pub(crate) fn new(client: Client, operation: O, options: Result<Arc<Options>, Error>) -> Self {
        let (options, next) = match options {
            Ok(options) => (options, Next::Ask),
            Err(error) => (Arc::default(), Next::Fail(error)),
        };
        Self {
            client,
            operation,
            options,
            next,
            read_ahead: false,
            cursor: None,
            seen: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Requests the next page as soon as one has arrived, while that one is processed. This requires a Tokio
    /// runtime; without one, it has no effect.
    pub fn read_ahead(mut self) -> Self {
        self.read_ahead = true;
        self
    }

    /// Returns the cursor after the last received page: an operation that begins there continues where this stopped.
    /// `None` before the first page.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Returns the items of the pages, one by one.
    pub fn nodes(self) -> Nodes<O> {
        Nodes { pages: self, items: Vec::new().into_iter(), began: None }
    }

    /// Records a page, and decides how to continue.
    fn advance(&mut self, data: &O::Data) {
        let Some(PageInfo { has_more: true, cursor }) = O::page_info(data) else {
            self.cursor = O::page_info(data).and_then(|page| page.cursor).map(str::to_owned).or(self.cursor.take());
            self.next = Next::End;
            return;
        };
        self.next = match cursor.filter(|cursor| !cursor.is_empty()) {
            None => Next::Fail(Error::pagination("the server reports more pages, but sends no cursor")),
            Some(cursor) if !self.seen.insert(self.hasher.hash_one(cursor)) => {
                Next::Fail(Error::pagination("the server sent the same cursor twice, so its pages would repeat"))
            }
            Some(cursor) => {
                self.operation.set_cursor(cursor);
                self.cursor = Some(cursor.to_owned());
                Next::Ask
            }
        };
    }
}

impl<O> Pages<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    /// Returns the next page; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<O::Data, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Data, Error>>> {
        loop {
            match std::mem::replace(&mut self.next, Next::End) {
                Next::End => return Poll::Ready(None),
                Next::Fail(error) => return Poll::Ready(Some(Err(error))),
                Next::Ask => self.next = Next::Asked(self.ask()),
                Next::Asked(mut asked) => {
                    let Poll::Ready(page) = asked.as_mut().poll(context) else {
                        self.next = Next::Asked(asked);
                        return Poll::Pending;
                    };
                    if let Ok(data) = &page {
                        self.advance(data);
                        self.begin_next();
                    }
                    return Poll::Ready(Some(page));
                }
            }
        }
    }

    /// Sends the next request, if reading ahead, in a separate task: an unpolled request would keep its place in
    /// the throttle's queue.
    fn begin_next(&mut self) {
        if self.read_ahead && matches!(self.next, Next::Ask) {
            self.next = match Task::start(self.ask()) {
                Ok(task) => Next::Asked(Box::pin(async move {
                    task.done().await.unwrap_or_else(|| Err(Error::pagination("the task that reads ahead panicked")))
                })),
                Err(_) => Next::Ask,
            };
        }
    }

    fn ask(&self) -> BoxFuture<'static, Result<O::Data, Error>> {
        let (client, operation, options) = (self.client.clone(), self.operation.clone(), self.options.clone());
        Box::pin(async move { client.perform(&Outgoing::of(&operation)?, &options, O::read_data).await?.into_result() })
    }
}

/// The items of a list, as a stream; see [`Client::nodes`].
#[must_use = "streams do nothing unless they are asked"]
pub struct Nodes<O: Paginated> {
    pages: Pages<O>,
    items: std::vec::IntoIter<O::Node>,
    began: Option<String>,
}

impl<O: Paginated> Nodes<O> {
    /// Requests the next page as soon as one has arrived; see [`Pages::read_ahead`].
    pub fn read_ahead(mut self) -> Self {
        self.pages = self.pages.read_ahead();
        self
    }

    /// Returns the cursor at which the page of the last item begins: an operation that begins there repeats items of
    /// that page, but misses none. `None` in the first page.
    pub fn cursor(&self) -> Option<&str> {
        self.began.as_deref()
    }
}

impl<O> Nodes<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    /// Returns the next item; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<O::Node, Error>> {
        poll_fn(|context| self.poll_node(context)).await
    }

    /// Returns all items.
    ///
    /// # Errors
    /// A page fails; the items so far are lost. To keep them, use [`Nodes::next`].
    pub async fn collect(mut self) -> Result<Vec<O::Node>, Error> {
        let mut all = Vec::new();
        while let Some(node) = self.next().await {
            all.push(node?);
        }
        Ok(all)
    }

    fn poll_node(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Node, Error>>> {
        loop {
            if let Some(node) = self.items.next() {
                return Poll::Ready(Some(Ok(node)));
            }
            let before = self.pages.cursor.clone();
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(data)) => {
                    self.began = before;
                    self.items = O::into_nodes(data).into_iter();
                }
            }
        }
    }
}

impl<O: Paginated> Unpin for Pages<O> {}
impl<O: Paginated> Unpin for Nodes<O> {}

impl<O> Stream for Pages<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    type Item = Result<O::Data, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<O> Stream for Nodes<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    type Item = Result<O::Node, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_node(context)
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::NAME)
            .field("has_cursor", &self.cursor.is_some())
            .finish_non_exhaustive()
    }
}

impl<O: Paginated> fmt::Debug for Nodes<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nodes").field("pages", &self.pages).finish_non_exhaustive()
    }
}

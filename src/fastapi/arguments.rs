//! Several arguments as one: the arguments of a handler, or what a dependency needs.
//!
//! Dependencies come first, in their order; one that aborts ends everything. Then the other
//! arguments are extracted, and what is wrong with any of them is told all at once.

use super::argument::{Argument, Rejection, Turn};
use super::error::{HttpException, ValidationError};
use super::openapi::Operation;
use super::pattern::Pattern;
use super::request::Request;

/// What the arguments said so far.
#[derive(Default)]
struct Outcome {
    /// Of the dependencies, in their order.
    inherited: Vec<ValidationError>,
    /// Of the handler's own arguments.
    own: Vec<ValidationError>,
    abort: Option<HttpException>,
    fault: Option<String>,
}

impl Outcome {
    /// Takes an argument whose turn it is, unless it is there already or all is lost.
    async fn take<A: Argument>(
        &mut self,
        (taken, turn): (&mut Option<A>, Turn),
        plan: &A::Plan,
        request: &Request,
    ) {
        if A::TURN != turn || self.abort.is_some() || self.fault.is_some() {
            return;
        }
        match A::extract(plan, request).await {
            Ok(value) => *taken = Some(value),
            Err(Rejection::Invalid(errors)) if turn == Turn::Dependency => {
                self.inherited.extend(errors);
            }
            Err(Rejection::Invalid(errors)) => self.own.extend(errors),
            Err(Rejection::Abort(exception)) => self.abort = Some(exception),
            Err(Rejection::Fault(message)) => self.fault = Some(message),
        }
    }

    /// Why not all arguments could be had.
    fn into_rejection(mut self) -> Rejection {
        match (self.fault, self.abort) {
            (Some(message), _) => Rejection::Fault(message),
            (None, Some(exception)) => Rejection::Abort(exception),
            (None, None) => {
                self.own.sort_by_key(ValidationError::part);
                self.inherited.extend(self.own);
                Rejection::Invalid(self.inherited)
            }
        }
    }
}

/// For each argument its type, which also names its plan, and the name of its value.
macro_rules! tuples {
    ($($argument:ident $value:ident)*) => {
        #[allow(non_snake_case, unused_mut, unused_variables, clippy::unused_unit)]
        impl<$($argument: Argument),*> Argument for ($($argument,)*) {
            type Plan = ($($argument::Plan,)*);

            fn plan(path: &Pattern) -> Self::Plan {
                ($($argument::plan(path),)*)
            }

            /// A handler's own parameters are documented before those of its dependencies.
            fn describe(plan: &Self::Plan, operation: &mut Operation) {
                for turn in [Turn::Own, Turn::Dependency] {
                    Self::describe_turn(plan, turn, operation);
                }
            }

            fn describe_turn(plan: &Self::Plan, turn: Turn, operation: &mut Operation) {
                let ($($argument,)*) = plan;
                $($argument::describe_turn($argument, turn, operation);)*
            }

            async fn extract(plan: &Self::Plan, request: &Request) -> Result<Self, Rejection> {
                let mut outcome = Outcome::default();
                let ($($argument,)*) = plan;
                $(let mut $value = None::<$argument>;)*
                for turn in [Turn::Dependency, Turn::Own] {
                    $(outcome.take((&mut $value, turn), $argument, request).await;)*
                }
                match ($($value,)*) {
                    ($(Some($value),)*) => Ok(($($value,)*)),
                    #[allow(unreachable_patterns)]
                    _ => Err(outcome.into_rejection()),
                }
            }
        }
    };
}

tuples! {}
tuples! { A a }
tuples! { A a B b }
tuples! { A a B b C c }
tuples! { A a B b C c D d }
tuples! { A a B b C c D d E e }
tuples! { A a B b C c D d E e F f }
tuples! { A a B b C c D d E e F f G g }
tuples! { A a B b C c D d E e F f G g H h }

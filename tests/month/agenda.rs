//! What happens at the desk, in order.

use esim_watch_core::alert::AlertSettings;

use crate::world::{Noted, Power, World};

#[derive(Clone, Copy)]
pub enum Happening<'a> {
    Stop,
    Sleep,
    Start,
    Wake,
    Arrives(&'a str),
    /// Nothing that the program is told of: a tunnel, a clock.
    Look,
    Sets(&'a AlertSettings),
    Visit,
    Notes(&'a Noted),
}

pub fn of(world: &World) -> Vec<(i64, Happening<'_>)> {
    let office = &world.office;
    let mut all: Vec<(i64, Happening<'_>)> = Vec::new();
    all.extend(office.power.iter().map(|(at, power)| {
        let happening = match power {
            Power::Start => Happening::Start,
            Power::Stop => Happening::Stop,
            Power::Sleep => Happening::Sleep,
            Power::Wake => Happening::Wake,
        };
        (*at, happening)
    }));
    let arrivals = world.arrivals.iter();
    all.extend(arrivals.map(|arrival| (arrival.at, Happening::Arrives(&arrival.body))));
    let troubles = office.tunnel_down.iter();
    let clocks = office.wrong_clock.iter().map(|(when, _)| when);
    // The tunnel's failures are noticed ten seconds later.
    let changes = troubles
        .chain(clocks)
        .flat_map(|when| [when.start, when.start + 10, when.end]);
    all.extend(changes.map(|at| (at, Happening::Look)));
    let rules = office.rules.iter().skip(1);
    all.extend(rules.map(|(at, settings)| (*at, Happening::Sets(settings))));
    all.extend(office.visits.iter().map(|at| (*at, Happening::Visit)));
    all.extend(
        world
            .noted
            .iter()
            .map(|noted| (noted.at, Happening::Notes(noted))),
    );
    // Whatever ends does so before something else begins in that second, and nothing comes before a start.
    let place = |happening: &Happening<'_>| match happening {
        Happening::Stop | Happening::Sleep => 0,
        Happening::Start | Happening::Wake => 1,
        _ => 2,
    };
    all.sort_by_key(|(at, happening)| (*at, place(happening)));
    all.retain(|(at, _)| world.month().contains(at));
    all
}

import { createArrivals, type Question } from "./arrivals.ts";
import type { Assumptions } from "./assumptions.ts";
import { measureLoad, type Load } from "./load.ts";
import { listNeeds, type Need } from "./needs.ts";
import { serve, type Served } from "./serve.ts";
import { findBusiestHour, findSmallestFleet, measureWaits, type FleetWaits, type Waits } from "./waits.ts";

export interface Simulation {
  readonly assumptions: Assumptions;
  readonly questions: readonly Question[];
  readonly served: Served;
  readonly load: Load;
  readonly needs: readonly Need[];
  readonly replicas: number;
  readonly smallest: number;
  /** At the busiest hour, for fleets a little smaller and larger than the smallest that is large enough. */
  readonly around: readonly FleetWaits[];
  /** Of the fleet that is simulated, at the busiest hour. */
  readonly waits: Waits;
}

/** Plays a day of questions. The same assumptions give the same day. */
export function simulate(assumptions: Assumptions): Simulation {
  const questions = createArrivals(assumptions);
  const { smallest, around } = findSmallestFleet(questions, assumptions);
  const replicas = assumptions.replicas === 0 ? smallest : assumptions.replicas;
  const served = serve(questions, {
    workers: replicas * assumptions["concurrent-runs"],
    besideRunSeconds: assumptions["beside-run-seconds"],
  });
  const load = measureLoad(questions, served, assumptions, replicas);
  const needs = listNeeds(load, assumptions, replicas);
  const waits = measureWaits(questions, served, findBusiestHour(questions));
  return { assumptions, questions, served, load, needs, replicas, smallest, around, waits };
}

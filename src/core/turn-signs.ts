import { randomUUID } from "node:crypto";
import type { Bulletin } from "./ports/system.ts";

/**
 * Keeps the replicas from showing one turn twice: the one that accepted it shows it first, then the one that works on
 * it. What is said here may be lost, so whoever shows a turn also looks now and then how it stands.
 */
export interface TurnSigns {
  /** This replica works on it and shows it from now on. */
  take(turnId: string): void;
  /** Its answer is there. */
  end(turnId: string): void;
  stop(): void;
}

export interface TurnSign {
  readonly turnId: string;
  /** False: another replica shows it from now on. */
  readonly isOver: boolean;
}

/** `onSign` hears what other replicas say; each bot has a topic of its own. */
export function createTurnSigns(bulletin: Bulletin, topic: string, onSign: (sign: TurnSign) => void): TurnSigns {
  const self = randomUUID();
  const taken = new Set<string>();
  const stop = bulletin.subscribe(topic, (message) => {
    if (!isMessage(message) || message.by === self) return;
    taken.delete(message.turnId);
    onSign({ turnId: message.turnId, isOver: message.isOver });
  });
  return {
    take(turnId) {
      if (taken.has(turnId)) return;
      taken.add(turnId);
      bulletin.publish(topic, { turnId, by: self, isOver: false } satisfies Message);
    },
    end(turnId) {
      taken.delete(turnId);
      bulletin.publish(topic, { turnId, by: self, isOver: true } satisfies Message);
    },
    stop,
  };
}

interface Message extends TurnSign {
  readonly by: string;
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === "object" &&
    value !== null &&
    "turnId" in value &&
    typeof value.turnId === "string" &&
    "by" in value &&
    "isOver" in value &&
    typeof value.isOver === "boolean"
  );
}

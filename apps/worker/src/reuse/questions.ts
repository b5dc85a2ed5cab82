import { type Asking, type Question, questionOf } from '@linkhaul/jobs';
import { openQuestion } from '@linkhaul/results';

/** Prepares the index of stored answers for a question. Concurrent calls of this process with the same question share the work. */
export interface Questions {
  open(asking: Asking): Promise<void>;
}

export function createQuestions(services: Parameters<typeof openQuestion>[1]): Questions {
  const underWay = new Map<Question, Promise<void>>();
  return {
    open(asking) {
      const question = questionOf(asking);
      const opening = underWay.get(question) ?? openQuestion(asking, services).finally(() => underWay.delete(question));
      underWay.set(question, opening);
      return opening;
    },
  };
}

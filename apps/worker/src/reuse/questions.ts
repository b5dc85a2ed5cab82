import { type Asking, type Question, questionOf } from '@linkhaul/jobs';
import { openQuestion } from '@linkhaul/results';

/** Has stored answers noted, once for all calls of this process that ask the same question at the same time. */
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

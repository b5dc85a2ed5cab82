import { type EndpointName, MAX_TAG_LENGTH } from '@linkhaul/schemas';
import { CODES, type Envelope } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { answerAnother, type Call, execute, targetsOf } from '../execute.js';
import { type Face, upstreamFace } from '../face.js';
import { befall } from '../faults/befall.js';
import { send } from '../send.js';
import { dropConnection } from '../wire.js';

/** `POST …/backlinks/<name>/live`: runs the first task. */
export function live(deps: Deps, name: EndpointName, face: Face = upstreamFace): (c: AppContext) => Promise<Response> {
  return async (c) => {
    c.get('request').endpoint = name;
    const posted = await face.read(c.req.raw);
    if (!posted.ok) return posted.code === null ? dropConnection(c) : face.refuse(c, posted.code);
    const [task, ...others] = posted.tasks;
    const call = { name, task, others };
    const fault = deps.state.faults.take(note(c, call));
    const reply = async (envelope: Envelope) => {
      if (envelope.tasks !== null) return send(c, envelope);
      const httpStatus = envelope.code === CODES.funds ? deps.state.settings.funds_http_status : 200;
      return face.refuse(c, envelope.code, httpStatus);
    };
    if (fault === null) return reply(await execute(c, deps, call));
    return befall(c, deps, {
      fault,
      run: (delayMs = 0) => execute(c, deps, { ...call, delayMs }),
      endAs: (endAs) => execute(c, deps, { ...call, endAs }),
      another: () => answerAnother(deps, call),
      reply,
    });
  };
}

/** Notes the facts of a call that the record and the faults use. */
function note(c: AppContext, { name, task }: Call) {
  const request = c.get('request');
  const targets = targetsOf(task);
  // What is too long to be a tag is not kept in the record.
  request.tag = typeof task.tag === 'string' && task.tag.length <= MAX_TAG_LENGTH ? task.tag : null;
  request.targets = targets.length;
  return { endpoint: name, tag: request.tag, targets };
}

import { ButtonLink } from '../ui/button.js';
import { Empty } from '../ui/empty.js';

export function MissingPage() {
  return (
    <Empty title="There is no such page" words="The address may be cut, or from another version of Linkhaul.">
      <ButtonLink href="/">To the jobs</ButtonLink>
    </Empty>
  );
}

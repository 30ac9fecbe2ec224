import { abuse } from './abuse.js';
import { bounce } from './bounce.js';
import { click } from './click.js';
import { delivery } from './delivery.js';
import { failure } from './failure.js';
import { open } from './open.js';
import { profileCreate } from './profile-create.js';
import { profileDelete } from './profile-delete.js';
import { profileUpdate } from './profile-update.js';
import { subprofileCreate } from './subprofile-create.js';
import { subprofileDelete } from './subprofile-delete.js';
import { subprofileUpdate } from './subprofile-update.js';
import { unsubscribe } from './unsubscribe.js';

/** Every kind there is. The union of events follows from this list, and so do the documentation and the schemas. */
export const definitions = [
  open,
  click,
  delivery,
  failure,
  bounce,
  abuse,
  unsubscribe,
  profileCreate,
  profileUpdate,
  profileDelete,
  subprofileCreate,
  subprofileUpdate,
  subprofileDelete,
] as const;

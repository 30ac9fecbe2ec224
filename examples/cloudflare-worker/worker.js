import { dohKeys, pinnedKeys } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

let receive;

export default {
  fetch(request, env, context) {
    receive ??= fetchReceiver({
      id: env.WEBHOOK_ID,
      url: env.WEBHOOK_URL,
      keys: env.WEBHOOK_KEYS ? pinnedKeys(JSON.parse(env.WEBHOOK_KEYS)) : dohKeys(),
      on: {
        open: (event) => console.log(`open ${event.recipient}`),
        bounce: async (event) => console.log(`bounce ${event.recipient}`), // answered 200 once this has finished
      },
    });
    return receive(request, context); // whose waitUntil keeps handlers that run over their time
  },
};

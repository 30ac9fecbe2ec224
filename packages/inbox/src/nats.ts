export { type NatsHandoverOptions, type NatsHeaders, type NatsJetStream, natsHandover } from './nats/nats-handover.js';

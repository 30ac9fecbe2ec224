export { type NatsHandoverOptions, type NatsJetStream, natsHandover } from './nats/nats-handover.js';

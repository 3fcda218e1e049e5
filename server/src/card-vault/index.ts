export { type Card, cardKeys, type NewCard, type Purpose, type RevealedCard } from './card.ts'
export { armReseal, cardsUnder, createResealWorker, resealBatch, resealTopic } from './reseal.ts'
export { type CardVault, createCardVault, type VaultTools } from './vault.ts'
export { cardInvariants } from './verify.ts'

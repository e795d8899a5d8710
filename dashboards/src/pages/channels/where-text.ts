import { catalogue } from '../../i18n/catalogue.ts'

/** Where to put the address at each provider, step by step, and trying it out from here. */
export const whereText = catalogue({
  en: {
    where: {
      MESSENGER: [
        'developers.facebook.com → your app → Webhooks → choose Page.',
        'Paste the callback address and the verify token, then Verify and save.',
        'Subscribe to messages, message_echoes, messaging_postbacks, message_deliveries, message_reads, messaging_referrals and messaging_optins.',
        'Messenger → Settings: add the Page under Access tokens, and subscribe it to the same fields.',
      ],
      INSTAGRAM: [
        'developers.facebook.com → your app → Instagram → API setup → Configure webhooks.',
        'Paste the callback address and the verify token, then Verify and save.',
        'Subscribe to messages, message_reactions, messaging_postbacks, messaging_seen and messaging_referral.',
        'In the Instagram app: Settings → Messages → Connected tools → Allow access to messages.',
      ],
      WHATSAPP: [
        'developers.facebook.com → your app → WhatsApp → Configuration → Webhook → Edit.',
        'Paste the callback address and the verify token, then Verify and save.',
        'Webhook fields: subscribe to messages and user_preferences.',
      ],
      SHOPIFY: [
        'Shopify admin → Settings → Notifications → Webhooks → Create webhook.',
        'Event: Order creation. Format: JSON. URL: the address.',
        'The same again for Order payment and Refund create.',
      ],
      WOOCOMMERCE: [
        'WordPress → WooCommerce → Settings → Advanced → Webhooks → Add webhook.',
        'Status: Active. Topic: Order created. Delivery URL: the address. Secret: the one given here.',
        'The same again, with the same secret, for Order updated.',
      ],
      STRIPE: [
        'Stripe → Developers → Webhooks → Add destination.',
        'Events: checkout.session.completed, payment_intent.succeeded and charge.refunded.',
        'Endpoint URL: the address.',
      ],
      WEBHOOK: [
        'Post JSON to the address, signed as Standard Webhooks (standardwebhooks.com has libraries for every language).',
        'Headers: webhook-id, webhook-timestamp and webhook-signature. A repeated webhook-id counts once.',
        'Body: { "type": "order.created", "timestamp": …, "contact": { "email": … }, "data": { … } }.',
      ],
      SANDBOX: [
        'Press “Send a test message” below, or post to the address as a program would.',
        'Campaigns can be sent here too: pretend customers answer nothing and nobody is disturbed.',
      ],
    },
    test: {
      message: 'Send a test message',
      event: 'Send a test event',
      messageNote: 'From “Test customer”. It counts in the figures of this sandbox like any other.',
      eventNote: 'A signed event called test.event. It shows that everything fits and moves no figure.',
      sent: 'Sent and accepted. It shows below in a moment.',
      refused: (status: string) => `The address answered ${status}. Nothing was stored.`,
      offline: 'The address could not be reached. Nothing was sent.',
      text: 'Hello, is anybody there?',
      person: 'Test customer',
    },
  },
  fr: {
    where: {
      MESSENGER: [
        'developers.facebook.com → votre application → Webhooks → choisissez Page.',
        'Collez l’adresse de rappel et le jeton de vérification, puis Vérifier et enregistrer.',
        'Abonnez-vous à messages, message_echoes, messaging_postbacks, message_deliveries, message_reads, messaging_referrals et messaging_optins.',
        'Messenger → Paramètres : ajoutez la page sous Jetons d’accès et abonnez-la aux mêmes champs.',
      ],
      INSTAGRAM: [
        'developers.facebook.com → votre application → Instagram → Configuration de l’API → Configurer les webhooks.',
        'Collez l’adresse de rappel et le jeton de vérification, puis Vérifier et enregistrer.',
        'Abonnez-vous à messages, message_reactions, messaging_postbacks, messaging_seen et messaging_referral.',
        'Dans l’application Instagram : Paramètres → Messages → Outils connectés → Autoriser l’accès aux messages.',
      ],
      WHATSAPP: [
        'developers.facebook.com → votre application → WhatsApp → Configuration → Webhook → Modifier.',
        'Collez l’adresse de rappel et le jeton de vérification, puis Vérifier et enregistrer.',
        'Champs du webhook : abonnez-vous à messages et user_preferences.',
      ],
      SHOPIFY: [
        'Administration Shopify → Paramètres → Notifications → Webhooks → Créer un webhook.',
        'Événement : Création de commande. Format : JSON. URL : l’adresse.',
        'De même pour Paiement de commande et Création de remboursement.',
      ],
      WOOCOMMERCE: [
        'WordPress → WooCommerce → Réglages → Avancé → Webhooks → Ajouter un webhook.',
        'État : Actif. Sujet : Commande créée. URL de livraison : l’adresse. Secret : celui indiqué ici.',
        'De même, avec le même secret, pour Commande mise à jour.',
      ],
      STRIPE: [
        'Stripe → Développeurs → Webhooks → Ajouter une destination.',
        'Événements : checkout.session.completed, payment_intent.succeeded et charge.refunded.',
        'URL du point de terminaison : l’adresse.',
      ],
      WEBHOOK: [
        'Envoyez du JSON à l’adresse, signé selon Standard Webhooks (standardwebhooks.com offre des bibliothèques pour chaque langage).',
        'En-têtes : webhook-id, webhook-timestamp et webhook-signature. Un webhook-id répété compte une fois.',
        'Contenu : { "type": "order.created", "timestamp": …, "contact": { "email": … }, "data": { … } }.',
      ],
      SANDBOX: [
        'Appuyez sur « Envoyer un message d’essai » ci-dessous, ou écrivez à l’adresse comme un programme.',
        'Les campagnes peuvent aussi y être envoyées : les clients y sont imaginaires et personne n’est dérangé.',
      ],
    },
    test: {
      message: 'Envoyer un message d’essai',
      event: 'Envoyer un événement d’essai',
      messageNote: 'De « Client d’essai ». Il compte dans les chiffres de ce bac à sable comme tout autre.',
      eventNote: 'Un événement signé nommé test.event. Il montre que tout concorde et ne change aucun chiffre.',
      sent: 'Envoyé et accepté. Il apparaît plus bas dans un instant.',
      refused: (status) => `L’adresse a répondu ${status}. Rien n’a été enregistré.`,
      offline: 'L’adresse est injoignable. Rien n’a été envoyé.',
      text: 'Bonjour, il y a quelqu’un ?',
      person: 'Client d’essai',
    },
  },
})

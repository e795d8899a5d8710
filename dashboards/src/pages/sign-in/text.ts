import { catalogue } from '../../i18n/catalogue.ts'

export const signInText = catalogue({
  en: {
    title: 'Sign in',
    promise: 'Know whether fast, honest conversation brings your customers back.',
    email: 'Your e-mail address',
    send: 'Send me a link',
    noPassword: 'No password. The link works once, for a few minutes.',
    sentTitle: 'Look in your mailbox',
    sent: (email: string) => `If ${email} belongs to a member, a link is on its way.`,
    sentConsole: 'On a server without mail, the link is printed in the server’s console.',
    again: 'Use another address',
    signedOut: 'You are signed out.',
    linkFailed: 'That link is no longer good: it was used already, or it is too old. Ask for a new one.',
    limited: 'Too many links were asked for. Wait a minute, then try again.',
    invalid: 'This does not look like an e-mail address.',
  },
  fr: {
    title: 'Connexion',
    promise: 'Sachez si une conversation rapide et franche fait revenir vos clients.',
    email: 'Votre adresse e-mail',
    send: 'Recevoir un lien',
    noPassword: 'Pas de mot de passe. Le lien sert une fois, pendant quelques minutes.',
    sentTitle: 'Regardez votre boîte de réception',
    sent: (email) => `Si ${email} est l’adresse d’un membre, un lien est en route.`,
    sentConsole: 'Sur un serveur sans messagerie, le lien s’affiche dans la console du serveur.',
    again: 'Utiliser une autre adresse',
    signedOut: 'Vous êtes déconnecté.',
    linkFailed: 'Ce lien ne vaut plus : il a déjà servi, ou il est trop ancien. Demandez-en un nouveau.',
    limited: 'Trop de liens demandés. Attendez une minute, puis réessayez.',
    invalid: 'Cela ne ressemble pas à une adresse e-mail.',
  },
})

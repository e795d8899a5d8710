import { createTransport } from 'nodemailer'

export type SendMail = (mail: { to: string; subject: string; text: string }) => Promise<void>

/** Plain-text mail for sign-in links and invitations. Throws what the mail server says; the caller shows it. */
export function createMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): SendMail {
  const transport = createTransport(smtpUrl, { from })
  return async ({ to, subject, text }) => {
    await transport.sendMail({ to, subject, text })
  }
}

/** Without a mail server the mail is shown on the terminal of whoever runs the product: that person may hand it on. */
export const printMail: SendMail = async ({ to, subject, text }) => {
  console.log(
    `\n  No mail server is set (SMTP_URL): this would have gone to ${to}\n  ${subject}\n\n${text.replace(/^/gm, '    ')}\n`,
  )
}

import { createTransport } from 'nodemailer'

export type SendMail = (mail: { to: string; subject: string; text: string }) => Promise<void>

/** Plain-text mail for sign-in links and invitations. Throws what the mail server says; the caller shows it. */
export function createMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): SendMail {
  const transport = createTransport(smtpUrl, { from })
  return async ({ to, subject, text }) => {
    await transport.sendMail({ to, subject, text })
  }
}

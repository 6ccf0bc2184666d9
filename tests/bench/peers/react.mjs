// react-email's way, cold: node react.mjs ISSUE.json OUT.html. Bodies come as finished HTML, as everybody's do.
import { readFileSync, writeFileSync } from 'node:fs'
import { createElement as h } from 'react'
import { Body, Button, Container, Head, Heading, Hr, Html, Img, Link, Preview, Section, Text } from '@react-email/components'
import { render } from '@react-email/render'

const [input, output] = process.argv.slice(2)
const issue = JSON.parse(readFileSync(input, 'utf8'))
const text = { fontSize: '16px', lineHeight: '1.8', color: '#1f2a27', margin: '0 0 16px' }
const link = { color: '#0b5d4e' }

const entry = (item, key) =>
  h(Section, { key },
    h(Heading, { as: 'h3', style: { fontSize: '18px', lineHeight: '1.6', margin: '32px 0 12px' } }, item.title),
    item.picture && h(Img, { src: item.picture.url, alt: item.picture.alt, width: item.picture.width, height: item.picture.height }),
    item.credit && h(Text, { style: { ...text, fontSize: '14px' } }, item.credit),
    h('div', { dangerouslySetInnerHTML: { __html: item.styled } }),
    ...item.facts.map(([label, value], at) => h(Text, { key: at, style: { ...text, margin: '0 0 6px' } }, h('b', null, `${label}：`), value)),
    ...item.links.map(([label, url], at) => item.invites
      ? h(Button, { key: `l${at}`, href: url, style: { ...link, padding: '9px 20px', border: '2px solid #0b5d4e' } }, label)
      : h(Text, { key: `l${at}`, style: text }, h(Link, { href: url, style: link }, label))))

const email = h(Html, { lang: 'ja' },
  h(Head, null, h('title', null, issue.title)),
  h(Preview, null, issue.lead),
  h(Body, { style: { fontFamily: 'Hiragino Sans,Meiryo,sans-serif', backgroundColor: '#ffffff' } },
    h(Container, { style: { maxWidth: '640px', padding: '0 20px' } },
      h(Heading, { as: 'h1' }, issue.title),
      h('div', { dangerouslySetInnerHTML: { __html: issue.greeting } }),
      ...issue.sections.map((section, key) => h(Section, { key },
        h(Heading, { as: 'h2', style: { fontSize: '21px', color: '#0b5d4e' } }, section.title),
        section.entries.map(entry))),
      h(Hr),
      h(Text, { style: { ...text, fontSize: '14px' } }, issue.footer))))

writeFileSync(output, await render(email))

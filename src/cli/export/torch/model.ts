/** `model.py`: an autoencoder of the library as a PyTorch module with the same parameter names. */
import { models, nn } from '../../../index.js'
import type { Network } from '../../networks.js'
import { choices, type NetworkName } from '../../networks.js'

/** @throws Error when the network is none of the library's autoencoders */
export function modelScript({ name, model, title, shape, range, latent }: Network): string {
  const code = classOf(model)
  const { batch } = choices[name as NetworkName]
  const head = [
    `"""The ${title.replaceAll('→', '->').replaceAll('×', 'x')}, as kernelgrad has it."""`,
    'import torch',
    'import torch.nn.functional as F',
    'from torch import nn',
    '',
    `SHAPE = (${shape.join(', ')}${shape.length === 1 ? ',' : ''})  # of one image`,
    `RANGE = (${range.join(', ')})  # black, white`,
    `LATENT = ${isVariational(model) ? latent : 'None'}  # numbers of noise per image`,
    `BATCH = ${batch}  # images per step`,
  ]
  return `${[...head, '', '', ...code].join('\n')}\n`
}

type Variational = models.VariationalAutoencoder | models.TextbookVAE

function isVariational(model: nn.Module<unknown>): model is Variational {
  return model instanceof models.VariationalAutoencoder || model instanceof models.TextbookVAE
}

function classOf(model: nn.Module<unknown>): string[] {
  if (model instanceof models.Denoiser) return denoiser(model)
  const isPlain = model instanceof models.MLPAutoencoder || model instanceof models.ConvAutoencoder
  if (!isPlain && !isVariational(model))
    throw new Error(
      `export: ${model.constructor.name} is none of the library's autoencoders; ` +
        'export its weights as safetensors, and write the PyTorch module yourself',
    )
  const lines = [
    ...begin,
    ...sequence('encoder', model.encoder),
    ...sequence('decoder', model.decoder),
    '',
  ]
  return [...lines, ...(isPlain ? [...plain, ...loss] : variational(model))]
}

const begin = `class Model(nn.Module):
    def __init__(self):
        super().__init__()`.split('\n')

const loss = `

def loss_of(model, x, epsilon=None):
    return F.mse_loss(model(x), x)`.split('\n')

function denoiser(model: models.Denoiser): string[] {
  const layers = model.children().map(([name, layer]) => {
    return `        self.${name} = ${layerCode(layer as nn.Module)}`
  })
  const forward = `
    def forward(self, x):
        a = self.first(x).relu()
        b = self.second(a).relu()
        c = self.third(b).relu()
        d = torch.cat([self.up(c).relu(), b], 1)
        return self.last(torch.cat([self.upper(d).relu(), a], 1)).sigmoid()`.split('\n')
  return [...begin, ...layers, ...forward, ...loss]
}

const plain = `    def forward(self, x):
        return self.decoder(self.encoder(x))`.split('\n')

function variational(model: Variational): string[] {
  const isTextbook = model instanceof models.TextbookVAE
  const [second, sigma, square, term] = isTextbook
    ? ['log_variance', '(0.5 * log_variance).exp()', 'log_variance.exp()', 'log_variance']
    : ['sigma', 'sigma', 'sigma**2', '(1e-8 + sigma**2).log()']
  const beta = isTextbook && model.beta !== 1 ? `${model.beta} * ` : ''
  return `    def encode(self, x):
        mu, ${second} = self.encoder(x.reshape(len(x), 784)).chunk(2, 1)
        return mu, ${second}

    def decode(self, z):
        return self.decoder(z).reshape(len(z), *SHAPE)

    def forward(self, x, epsilon=None):
        """The reconstruction, and the Kullback-Leibler term in nats per pixel."""
        mu, ${second} = self.encode(x)
        if epsilon is None:
            epsilon = torch.randn_like(mu)
        kld = 0.5 * (mu**2 + ${square} - ${term} - 1).sum() / (len(x) * 784)
        return self.decode(mu + ${sigma} * epsilon), ${beta}kld


def loss_of(model, x, epsilon=None):
    y, kld = model(x, epsilon)
    return F.mse_loss(y, x) + kld`.split('\n')
}

function sequence(name: string, layers: nn.Sequential): string[] {
  const lines = [...layers].map(layer => `            ${layerCode(layer)},`)
  return [`        self.${name} = nn.Sequential(`, ...lines, '        )']
}

function layerCode(layer: nn.Module): string {
  const { name } = layer.constructor
  if (layer instanceof nn.Linear) {
    const [to, from] = layer.weight.shape
    return call(name, [from, to])
  }
  if (layer instanceof nn.Conv2d || layer instanceof nn.ConvTranspose2d) {
    const [first, second, ...kernel] = layer.weight.shape
    const channels = layer instanceof nn.Conv2d ? [second, first] : [first, second]
    return call(name, [...channels, kernel], layer.options)
  }
  if (layer instanceof nn.MaxPool2d) return call(name, [layer.kernelSize], layer.options)
  return call(name, [])
}

/** `nn.Conv2d(1, 16, 3, stride=3)`. A pair of equal numbers is one number. */
function call(name: string, positional: unknown[], options: object = {}): string {
  const given = Object.entries(options).map(([key, value]) => `${key}=${python(value)}`)
  return `nn.${name}(${[...positional.map(python), ...given].join(', ')})`
}

function python(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  return value[0] === value[1] ? String(value[0]) : `(${value.join(', ')})`
}

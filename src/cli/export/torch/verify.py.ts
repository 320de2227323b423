/** What PyTorch computes with an exported folder, for `kernelgrad export --verify`. */
export const verifyScript = `"""Writes what the model computes: outputs, gradients, losses."""
import json
import sys

sys.path.insert(0, sys.argv[1])
import torch
from kernelgrad_data import batches, load_images
from kernelgrad_files import load_safetensors, save_safetensors
from model import LATENT, RANGE, SHAPE, Model, loss_of

given, metadata = load_safetensors('given.safetensors')
about = json.loads(metadata['about'])


def model_with(weights):
    model = Model()
    model.load_state_dict(weights)
    return model


def output_of(model, x, epsilon):
    with torch.no_grad():
        return model(x) if LATENT is None else model(x, epsilon)[0]


def train(model, images):
    """Trains for some steps. Returns the losses."""
    optimizer = torch.optim.Adam(model.parameters(), lr=about['lr'])
    losses, epoch = [], 0
    while len(losses) < about['steps']:
        for batch in batches(len(images), about['batch'], about['seed'], epoch):
            if len(losses) < about['steps']:
                optimizer.zero_grad()
                noise = given.get(f'epsilon.{len(losses)}', torch.empty(0))[:len(batch)]
                loss = loss_of(model, images[batch], noise)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
        epoch += 1
    return torch.tensor(losses)


if len(sys.argv) > 2:  # the weights came back: what does the model compute with them now?
    model = model_with(load_safetensors(sys.argv[2])[0])
    back = {'output': output_of(model, given['x'], given.get('epsilon'))}
    save_safetensors('back-results.safetensors', back)
    sys.exit()

model = model_with(load_safetensors(f'{sys.argv[1]}/weights.safetensors')[0])
x, epsilon = given['x'], given.get('epsilon')
loss_of(model, x, epsilon).backward()
results = {f'gradient.{name}': p.grad.clone() for name, p in model.named_parameters()}
results['output'] = output_of(model, x, epsilon)
images = load_images(f'{sys.argv[1]}/images.npy', *RANGE).reshape(-1, *SHAPE)
for epoch in range(2):
    order = sum(batches(len(images), about['batch'], about['seed'], epoch), [])
    results[f'order.{epoch}'] = torch.tensor(order, dtype=torch.int32)
results['losses'] = train(model, images)
results['trained'] = output_of(model, x, epsilon)

# How far rounding alone moves a training: the same from weights that differ in their last bits.
results['moved.losses'], results['moved.weights'] = torch.zeros(1), torch.zeros(1)
for trial in range(3):
    stream = torch.Generator().manual_seed(trial)
    weights = load_safetensors(f'{sys.argv[1]}/weights.safetensors')[0]
    other = model_with({name: w * (1 + 2**-23 * torch.randn(w.shape, generator=stream))
                        for name, w in weights.items()})
    far = {'losses': (train(other, images) - results['losses']).abs().max(),
           'weights': max((p - q).abs().max()
                          for p, q in zip(model.parameters(), other.parameters()))}
    for what, most in far.items():
        results[f'moved.{what}'] = torch.maximum(results[f'moved.{what}'], most.detach().reshape(1))
torch.save({'model': model.state_dict()}, 'trained.pt')
save_safetensors('results.safetensors', results)
`

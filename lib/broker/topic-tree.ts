interface Level<Value> {
  readonly children: Map<string, Level<Value>>
  readonly values: Map<string, Value>
}

/** Values under topic filters, found by topic: one value per filter and owner. */
export class TopicTree<Value> {
  readonly #root: Level<Value> = newLevel()

  set(filter: string, owner: string, value: Value): void {
    let level = this.#root
    for (const name of filter.split('/')) {
      let child = level.children.get(name)
      if (!child) {
        child = newLevel()
        level.children.set(name, child)
      }
      level = child
    }
    level.values.set(owner, value)
  }

  delete(filter: string, owner: string): void {
    const path: { parent: Level<Value>; name: string; level: Level<Value> }[] = []
    let level = this.#root
    for (const name of filter.split('/')) {
      const child = level.children.get(name)
      if (!child) return
      path.push({ parent: level, name, level: child })
      level = child
    }
    level.values.delete(owner)
    for (const step of path.reverse()) {
      if (step.level.values.size > 0 || step.level.children.size > 0) return
      step.parent.children.delete(step.name)
    }
  }

  /** Every value whose filter matches `topic`; wildcards in front do not match `$…` [MQTT-4.7.2-1]. */
  match(topic: string): Value[] {
    const found: Value[] = []
    const names = topic.split('/')
    const visit = (level: Level<Value>, index: number): void => {
      const wild = index > 0 || !topic.startsWith('$')
      // `a/#` matches `a` as well
      if (wild) collect(level.children.get('#'))
      if (index === names.length) {
        collect(level)
        return
      }
      const exact = level.children.get(names[index] ?? '')
      if (exact) visit(exact, index + 1)
      const any = wild ? level.children.get('+') : undefined
      if (any) visit(any, index + 1)
    }
    const collect = (level: Level<Value> | undefined): void => {
      for (const value of level?.values.values() ?? []) found.push(value)
    }
    visit(this.#root, 0)
    return found
  }
}

const newLevel = <Value>(): Level<Value> => ({ children: new Map(), values: new Map() })

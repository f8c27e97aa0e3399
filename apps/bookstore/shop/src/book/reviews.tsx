/** @jsxImportSource @typestead/screens */
/** What readers think of a book; who is signed in writes one review, and may change it or take it back. */
import { cell, type Readable, resource } from '@typestead/screens'
import { type Child, For, Show } from '@typestead/screens/dom'
import { createForm, FormView } from '@typestead/screens/forms'
import type { BookDetails, Review } from '../api/answers.ts'
import { failureText } from '../api/failure.ts'
import { focusFirst } from '../frame/focus.ts'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { dayText } from '../frame/text.ts'
import { accountRoute } from '../routes.ts'
import type { BookController } from './book-controller.ts'
import { StarField } from './star-field.tsx'

export function Reviews({
  c,
  details,
}: {
  readonly c: BookController
  readonly details: Readable<BookDetails>
}): Child {
  return (
    <section class="reviews" id="reviews" aria-labelledby="reviews-title">
      <h2 id="reviews-title">Reviews</h2>
      <Show when={() => details.value.reviews.length === 0}>
        {() => (
          <p class="soft">Nobody has written about this book yet. What did you think of it?</p>
        )}
      </Show>
      <ul class="review-list">
        <For each={() => details.value.reviews} key={(review) => review.id}>
          {(review) => <OneReview review={review} />}
        </For>
      </ul>
      <Show when={() => details.value.ratings.length > details.value.reviews.length}>
        {() => (
          <p>
            <button type="button" class="button quiet" onClick={() => c.showAllReviews()}>
              {() => `Show all ${details.value.ratings.length} reviews`}
            </button>
          </p>
        )}
      </Show>
      <Show when={() => c.account.user.value} fallback={() => <SignInToReview />}>
        {() => <OwnReview c={c} />}
      </Show>
    </section>
  )
}

function OneReview({ review }: { readonly review: Readable<Review> }): Child {
  const { user } = review.peek()
  return (
    <li class="review">
      <Stars rating={() => review.value.rating} />
      <h3>{() => review.value.title}</h3>
      <p class="review-body">{() => review.value.body}</p>
      <p class="soft">
        {[user.firstName, user.lastName].filter(Boolean).join(' ')},{' '}
        {() => dayText(review.value.createdAt)}
      </p>
    </li>
  )
}

function Stars({ rating }: { readonly rating: () => number }): Child {
  return (
    <p class="stars" role="img" aria-label={() => `${rating()} of 5 stars`}>
      {[1, 2, 3, 4, 5].map((star) => (
        <span class={() => (star <= rating() ? 'star on' : 'star')}>
          <Icon name="star" />
        </span>
      ))}
    </p>
  )
}

function SignInToReview(): Child {
  return (
    <p>
      <a class="button quiet" href={accountRoute.href({}, { next: location.pathname })}>
        Sign in to write a review
      </a>
    </p>
  )
}

/** The form for a new review, or the own one with ways to change it. */
function OwnReview({ c }: { readonly c: BookController }): Child {
  const writing = cell(false)
  const failure = cell('')
  const remove = async (review: Review) => {
    failure.set('')
    try {
      await c.removeReview(review)
      c.notices.tell({ text: 'Your review is gone.' })
    } catch (error) {
      failure.set(failureText(error))
    }
  }
  return (
    <div class="own-review">
      <Show
        when={writing}
        fallback={() => (
          <div class="actions">
            <button type="button" class="button quiet" onClick={() => writing.set(true)}>
              {() => (c.ownReview.value === undefined ? 'Write a review' : 'Change your review')}
            </button>
            <Show when={c.ownReview}>
              {(review) => (
                <button type="button" class="button plain" onClick={() => remove(review())}>
                  Take it back
                </button>
              )}
            </Show>
            <p role="alert">{failure}</p>
          </div>
        )}
      >
        {() => (
          <ReviewForm
            c={c}
            done={() => {
              writing.set(false)
              focusFirst('.own-review button')
            }}
          />
        )}
      </Show>
    </div>
  )
}

/** Generated from the entity; only its rating has a control of its own. */
function ReviewForm({ c, done }: { readonly c: BookController; readonly done: () => void }): Child {
  const entity = resource((signal) => c.forms.entity('Review', signal))
  const own = c.ownReview.peek()
  return (
    <Loaded of={entity} what="the form">
      {(known) => {
        const form = createForm({
          entity: known.peek(),
          ...(own === undefined ? {} : { row: { ...own } }),
          omit: ['book', 'user', 'id', 'createdAt', 'updatedAt'],
          labels: { rating: 'Stars', title: 'In a few words', body: 'Your review' },
          submit: (values, signal) => c.review(values, signal),
        })
        const thanks =
          own === undefined ? 'Thank you: your review is published.' : 'Your review is saved.'
        queueMicrotask(() => focusFirst('.own-review input'))
        return (
          <div class="card">
            <h3>{own === undefined ? 'Write a review' : 'Change your review'}</h3>
            <FormView
              form={form}
              fields={{ rating: (node) => <StarField node={node} /> }}
              submitLabel={own === undefined ? 'Publish review' : 'Save review'}
              onCancel={done}
              onSubmitted={() => {
                c.notices.tell({ text: thanks })
                done()
              }}
            />
          </div>
        )
      }}
    </Loaded>
  )
}

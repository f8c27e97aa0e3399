/** The managers of the shop; each lives as long as its page is open in the browser. */
import { type Scope, Supervisor } from '@typestead/screens'
import { AppStateManager, PreferencesManager } from '@typestead/screens/managers'
import { AccountManager } from './managers/account-manager.ts'
import { BooksManager } from './managers/books-manager.ts'
import { CartManager } from './managers/cart-manager.ts'
import { CatalogueManager } from './managers/catalogue-manager.ts'
import { FormsManager } from './managers/forms-manager.ts'
import { NoticeManager } from './managers/notice-manager.ts'
import { OrdersManager } from './managers/orders-manager.ts'
import { ServerManager } from './managers/server-manager.ts'

export class ShopSupervisor extends Supervisor {
  register(s: Scope): void {
    s.lazyPut(AppStateManager, () => new AppStateManager())
    s.lazyPut(PreferencesManager, () => new PreferencesManager('bookstore'))
    s.lazyPut(ServerManager, (s) => new ServerManager(s.find(AppStateManager)))
    s.lazyPut(
      AccountManager,
      (s) => new AccountManager(s.find(ServerManager), s.find(AppStateManager)),
    )
    s.lazyPut(BooksManager, (s) => new BooksManager(s.find(ServerManager), s.find(AppStateManager)))
    s.lazyPut(
      CatalogueManager,
      (s) => new CatalogueManager(s.find(ServerManager), s.find(BooksManager)),
    )
    s.lazyPut(CartManager, (s) => new CartManager(s.find(PreferencesManager)))
    s.lazyPut(FormsManager, (s) => new FormsManager(s.find(ServerManager)))
    s.lazyPut(NoticeManager, () => new NoticeManager())
    s.lazyPut(
      OrdersManager,
      (s) =>
        new OrdersManager(s.find(ServerManager), s.find(AccountManager), s.find(AppStateManager)),
    )
  }
}

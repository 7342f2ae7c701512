// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {FeeBurn} from "./FeeBurn.sol";

/// @notice The market's debts besides jobs: fees, royalties and halves of void claims, withdrawn by whom they belong to.
abstract contract MarketLedger is IJobMarket, FeeBurn, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev Where payment tokens go that nobody may gain: most cannot be burned.
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;

    struct Fees {
        // slot 0
        uint128 treasury;
        uint128 auditPool;
    }

    IModelRegistry internal immutable MODELS;
    IRoyalties private immutable ROYALTIES;
    address private immutable TREASURY;
    address private immutable AUDIT_POOL;

    mapping(address token => Fees) private _fees;
    mapping(address token => mapping(address account => uint256)) private _owed;
    /// @inheritdoc IJobMarket
    mapping(address token => mapping(uint256 model => uint256)) public royalties;

    constructor(IModelRegistry models, IMielToken miel, address treasury, address auditPool) FeeBurn(miel) {
        MODELS = models;
        ROYALTIES = models.royalties();
        TREASURY = treasury;
        AUDIT_POOL = auditPool;
    }

    /// @inheritdoc IJobMarket
    function collect(address token, address account) external nonReentrant {
        uint256 amount = owed(token, account);
        require(amount != 0, JobMarket_Nothing());
        delete _owed[token][account];
        if (account == TREASURY) _fees[token].treasury = 0;
        if (account == AUDIT_POOL) _fees[token].auditPool = 0;
        emit Collected(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    /// @inheritdoc IJobMarket
    function collectRoyalty(address token, uint256 model) external nonReentrant {
        uint256 amount = royalties[token][model];
        require(amount != 0, JobMarket_Nothing());
        delete royalties[token][model];
        emit RoyaltyCollected(token, model, amount);
        IERC20(token).forceApprove(address(ROYALTIES), amount);
        ROYALTIES.deposit(token, model, amount);
    }

    /// @inheritdoc IJobMarket
    function owed(address token, address account) public view returns (uint256 amount) {
        amount = _owed[token][account];
        if (account == TREASURY) amount += _fees[token].treasury;
        if (account == AUDIT_POOL) amount += _fees[token].auditPool;
    }

    function _credit(address token, address account, uint256 amount) internal {
        if (amount != 0) _owed[token][account] += amount;
    }

    function _creditRoyalty(address token, uint256 model, uint256 amount) internal {
        if (amount != 0) royalties[token][model] += amount;
    }

    function _creditFees(address token, uint256 treasury, uint256 auditPool) internal {
        if (treasury == 0 && auditPool == 0) return;
        Fees memory fees = _fees[token];
        _fees[token] = Fees(
            fees.treasury + SafeCast.toUint128(treasury),
            fees.auditPool + SafeCast.toUint128(auditPool)
        );
    }

    /// @dev Pays out, or keeps it as owed where the token will not move: no token holds up what else its job ends.
    function _send(address token, address to, uint256 amount) internal {
        if (!IERC20(token).trySafeTransfer(to, amount)) _credit(token, to, amount);
    }

    /// @dev Takes exactly `amount` from `from`: a token that keeps a fee is refused.
    function _take(IERC20 token, address from, uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        require(received == amount, JobMarket_TokenAmount(amount, received));
    }
}

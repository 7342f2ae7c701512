// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IDelegation} from "../interfaces/IDelegation.sol";
import {IPoolFees} from "../interfaces/IPoolFees.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @notice Rules, limits and warnings: {IPoolFees}.
contract PoolFees is IPoolFees {
    using SafeERC20 for IERC20;

    struct Stream {
        // slot 0
        /// @dev Of the balance, what was divided and is not paid out: never less than all that is owed.
        uint112 divided;
        /// @dev What each share has earned since the token was admitted, in 1 / 2 ** SCALE units.
        uint144 perShare;
    }

    struct Account {
        // slot 0
        uint112 owed;
        /// @dev `perShare` when `owed` was last brought up to date.
        uint144 mark;
    }

    struct Terms {
        // slot 0
        uint16 cut;
        uint16 next;
        uint40 from;
    }

    uint256 private constant BASIS = 10_000;
    uint256 private constant TOKENS = 4;
    /// @dev Fewer shares than a milli-MIEL made are none: so whatever fits `divided` fits `perShare`.
    uint256 private constant LEAST_SHARES = 1e15;
    uint256 private constant SCALE = 80;
    /// @dev What asking a token for its balance may cost: a broken one holds nobody in the pool.
    uint256 private constant TOKEN_GAS = 100_000;

    address[] private _tokens;
    mapping(address token => Stream) private _streams;
    mapping(address token => mapping(address account => Account)) private _accounts;
    /// @dev Zero until a change is announced: then the first cut stands in this clone's code.
    Terms private _terms;

    /// @inheritdoc IPoolFees
    function admit(address token) external {
        _requireCaller(operator());
        uint256 count = _tokens.length;
        require(!_isAdmitted(token) && count < TOKENS, PoolFees_Admitted(token, count));
        _tokens.push(token);
        emit Admitted(token);
    }

    /// @inheritdoc IPoolFees
    function announceCut(uint16 cut) external {
        _requireCaller(operator());
        require(cut <= BASIS, PoolFees_Cut(cut));
        (uint16 current, , ) = terms();
        uint40 from = uint40(block.timestamp) + IStakeManager(_stake()).thaw();
        _terms = Terms(current, cut, from);
        emit CutAnnounced(cut, from);
    }

    /// @inheritdoc IPoolFees
    function divide(address token) external {
        _requireAdmitted(token);
        (, uint256 total) = _shares(address(0));
        _divide(token, total, _cut());
    }

    /// @inheritdoc IPoolFees
    function reward(address token, uint256 amount) external {
        _requireAdmitted(token);
        (, uint256 total) = _shares(address(0));
        require(total >= LEAST_SHARES, PoolFees_NoShares());
        _divide(token, total, _cut());
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        _divide(token, total, 0);
    }

    /// @inheritdoc IPoolFees
    function claim(address token, address account) external returns (uint256 amount) {
        _requireAdmitted(token);
        (uint256 shares, uint256 total) = _shares(account);
        _divide(token, total, _cut());
        _credit(token, account, shares);
        amount = _accounts[token][account].owed;
        require(amount != 0, PoolFees_Nothing(token, account));
        _accounts[token][account].owed = 0;
        emit Claimed(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
        // Last: a token that calls back before it has moved finds nothing new to divide.
        _streams[token].divided -= uint112(amount);
    }

    /// @inheritdoc IPoolFees
    function settle(address account, uint256 shares, uint256 total) external {
        _requireCaller(_stake());
        uint256 count = _tokens.length;
        for (uint256 i = 0; i < count; i++) {
            address token = _tokens[i];
            _divide(token, total, _cut());
            _credit(token, account, shares);
        }
    }

    /// @inheritdoc IPoolFees
    function claimable(address token, address account) external view returns (uint256) {
        (uint256 shares, uint256 total) = _shares(account);
        (uint256 toOperator, uint256 perShare, ) = _division(token, total, _cut());
        Account storage row = _accounts[token][account];
        uint256 amount = row.owed + ((shares * (_streams[token].perShare + perShare - row.mark)) >> SCALE);
        return account == operator() ? amount + toOperator : amount;
    }

    /// @inheritdoc IPoolFees
    function rewardable(address token) external view returns (bool) {
        (, uint256 total) = _shares(address(0));
        return total >= LEAST_SHARES && _isAdmitted(token);
    }

    /// @inheritdoc IPoolFees
    function terms() public view returns (uint16 cut, uint16 next, uint40 from) {
        (cut, next, from) = (_terms.cut, _terms.next, _terms.from);
        if (from == 0) {
            (, , , cut) = _identity();
            next = cut;
        } else if (block.timestamp >= from) cut = next;
    }

    /// @inheritdoc IPoolFees
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }

    /// @inheritdoc IPoolFees
    function operator() public view returns (address hands) {
        (, hands, , ) = _identity();
    }

    /// @inheritdoc IPoolFees
    function pool() public view returns (uint256 id) {
        (, , id, ) = _identity();
    }

    function _cut() private view returns (uint256 cut) {
        (cut, , ) = terms();
    }

    function _divide(address token, uint256 total, uint256 cut) private {
        if (total < LEAST_SHARES) cut = BASIS;
        (uint256 toOperator, uint256 perShare, uint256 used) = _division(token, total, cut);
        if (used == 0) return;
        Stream storage stream = _streams[token];
        stream.divided += uint112(used);
        stream.perShare += uint144(perShare);
        if (toOperator != 0) _accounts[token][operator()].owed += uint112(toOperator);
        emit Divided(token, used, cut);
    }

    /// @dev What of the balance is new: the operator's part, what each share earns, and the sum that these take. Nothing
    /// here reverts, whatever a token answers; what does not fit waits.
    function _division(
        address token,
        uint256 total,
        uint256 cut
    ) private view returns (uint256 toOperator, uint256 perShare, uint256 used) {
        Stream memory stream = _streams[token];
        uint256 balance = _balance(token);
        if (balance <= stream.divided || balance > type(uint112).max) return (0, 0, 0);
        uint256 fresh = balance - stream.divided;
        if (total < LEAST_SHARES) return (fresh, 0, fresh);
        toOperator = (fresh * cut) / BASIS;
        perShare = ((fresh - toOperator) << SCALE) / total;
        if (stream.perShare + perShare > type(uint144).max) return (0, 0, 0);
        used = toOperator + (((perShare * total) + (1 << SCALE) - 1) >> SCALE);
    }

    function _credit(address token, address account, uint256 shares) private {
        Account storage row = _accounts[token][account];
        uint144 perShare = _streams[token].perShare;
        uint256 grown = perShare - row.mark;
        if (grown == 0) return;
        row.mark = perShare;
        row.owed += uint112((shares * grown) >> SCALE);
    }

    function _balance(address token) private view returns (uint256) {
        (bool ok, bytes memory answer) = token.staticcall{gas: TOKEN_GAS}(
            abi.encodeCall(IERC20.balanceOf, (address(this)))
        );
        return ok && answer.length >= 32 ? abi.decode(answer, (uint256)) : 0;
    }

    /// @dev Shares that do not thaw: an account's and everybody's.
    function _shares(address account) private view returns (uint256, uint256) {
        IDelegation stake = IDelegation(_stake());
        uint256 id = pool();
        IDelegation.BackingView memory own = stake.backing(id, account);
        IDelegation.PoolView memory all = stake.poolAt(id);
        return (own.shares - own.thawing, all.shares - all.thawing);
    }

    function _requireCaller(address expected) private view {
        require(msg.sender == expected, PoolFees_Caller(msg.sender, expected));
    }

    function _requireAdmitted(address token) private view {
        require(_isAdmitted(token), PoolFees_Token(token));
    }

    function _isAdmitted(address token) private view returns (bool known) {
        uint256 count = _tokens.length;
        for (uint256 i = 0; i < count; i++) known = known || _tokens[i] == token;
    }

    function _stake() private view returns (address stake) {
        (stake, , , ) = _identity();
    }

    /// @dev As they stand in this clone's code: staking contract 0 ‖ operator 20 ‖ pool 40 ‖ first cut 44
    function _identity() private view returns (address stake, address hands, uint256 id, uint16 cut) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            stake := shr(96, mload(add(args, 32)))
            hands := shr(96, mload(add(args, 52)))
            id := shr(224, mload(add(args, 72)))
            cut := shr(240, mload(add(args, 76)))
        }
    }
}

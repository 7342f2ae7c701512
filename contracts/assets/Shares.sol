// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IShares} from "../interfaces/IShares.sol";

/// @notice Rules, limits and warnings: {IShares}.
contract Shares is IShares, ERC20 {
    /// @dev Amounts with 36 decimals below the unit, so that even shares of even revenue have no remainder.
    struct Stream {
        // slot 0
        /// @dev What of the asset's earnings is in `perShare` and `carried`, in whole units.
        uint128 earned;
        /// @dev What the last division left, below one unit of `perShare` for each share.
        uint112 carried;
        bool admitted;
        // slot 1
        uint256 perShare;
    }

    struct Account {
        // slot 0
        /// @dev `perShare` when `owed` was last brought up to date.
        uint256 mark;
        // slot 1
        uint256 owed;
    }

    uint256 private constant TOKENS = 4;
    uint256 private constant HOLDERS = 64;
    uint256 private constant UNIT = 1e36;

    IRoyalties private immutable ROYALTIES;

    address[] private _tokens;
    mapping(address token => Stream) private _streams;
    mapping(address token => mapping(address holder => Account)) private _accounts;

    constructor(IRoyalties royalties) ERC20("", "") {
        ROYALTIES = royalties;
    }

    /// @inheritdoc IShares
    function claim(address token, address holder) external returns (uint256 amount) {
        (uint256 of_, address hands) = _identity();
        require(holder != hands, Shares_Issuer(hands));
        require(_streams[token].admitted, Shares_Nothing(token, holder));
        _settle(token, holder, _accrue(token, of_));
        Account storage account = _accounts[token][holder];
        amount = account.owed / UNIT;
        require(amount != 0, Shares_Nothing(token, holder));
        account.owed -= amount * UNIT;
        emit Claimed(token, holder, amount);
        ROYALTIES.pay(token, of_, holder, amount);
    }

    /// @inheritdoc IShares
    function admit(address token) external {
        (address owner, address priced) = ROYALTIES.assetOf(asset());
        require(msg.sender == owner || token == priced, Shares_Token(token));
        _admit(token);
    }

    /// @inheritdoc IShares
    function issue(address[] calldata holders, uint256[] calldata amounts, address token) external {
        require(msg.sender == address(ROYALTIES), Shares_Caller(msg.sender));
        bool wellFormed = holders.length == amounts.length && holders.length != 0 && holders.length <= HOLDERS;
        require(wellFormed, Shares_Holders(holders.length, amounts.length));
        for (uint256 i = 0; i < holders.length; i++) {
            require(amounts[i] != 0, Shares_Holders(holders.length, amounts.length));
            _mint(holders[i], amounts[i]);
        }
        require(totalSupply() <= type(uint112).max, Shares_Supply(totalSupply()));
        if (token != address(0)) _admit(token);
    }

    /// @inheritdoc IShares
    function claimable(address token, address holder) external view returns (uint256) {
        (uint256 of_, address hands) = _identity();
        if (holder == hands || !_streams[token].admitted) return 0;
        (uint256 perShare, , ) = _accrued(token, of_);
        Account storage account = _accounts[token][holder];
        return (account.owed + balanceOf(holder) * (perShare - account.mark)) / UNIT;
    }

    /// @inheritdoc IShares
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }

    /// @inheritdoc IShares
    function asset() public view returns (uint256 id) {
        (id, ) = _identity();
    }

    /// @inheritdoc IShares
    function issuer() external view returns (address hands) {
        (, hands) = _identity();
    }

    /// @notice Names the asset by the first bytes of its id.
    function name() public view override returns (string memory) {
        return string.concat("Essaim shares of ", _short());
    }

    /// @notice As {name}, shorter.
    function symbol() public view override returns (string memory) {
        return string.concat("ES-", _short());
    }

    /// @dev What shares earned stays with whom held them; of the issuer's it goes along.
    function _update(address from, address to, uint256 value) internal override {
        (uint256 of_, address hands) = _identity();
        bool first = totalSupply() == 0;
        require(to != hands || first, Shares_Issuer(hands));
        for (uint256 i = 0; !first && i < _tokens.length; i++) {
            address token = _tokens[i];
            uint256 perShare = _accrue(token, of_);
            _settle(token, to, perShare);
            if (from == address(0)) continue;
            if (from == hands) _accounts[token][to].owed += value * perShare;
            else _settle(token, from, perShare);
        }
        super._update(from, to, value);
    }

    /// @dev Takes in what the asset earned since; once a token is admitted only holders are paid in it.
    function _accrue(address token, uint256 of_) private returns (uint256 perShare) {
        uint256 earned;
        uint256 carried;
        (perShare, earned, carried) = _accrued(token, of_);
        Stream storage stream = _streams[token];
        if (earned == stream.earned) return perShare;
        (stream.earned, stream.carried, stream.perShare) = (uint128(earned), uint112(carried), perShare);
    }

    /// @dev The division leaves less than the supply, which fits 112 bits; earnings fit 128, and with their decimals 248.
    function _accrued(
        address token,
        uint256 of_
    ) private view returns (uint256 perShare, uint256 earned, uint256 carried) {
        Stream storage stream = _streams[token];
        earned = ROYALTIES.earned(token, of_);
        (perShare, carried) = (stream.perShare, stream.carried);
        if (earned == stream.earned) return (perShare, earned, carried);
        uint256 fresh = (earned - stream.earned) * UNIT + carried;
        perShare += fresh / totalSupply();
        carried = fresh % totalSupply();
    }

    function _settle(address token, address holder, uint256 perShare) private {
        Account storage account = _accounts[token][holder];
        uint256 grown = perShare - account.mark;
        if (grown == 0) return;
        account.mark = perShare;
        uint256 balance = balanceOf(holder);
        if (balance != 0) account.owed += balance * grown;
    }

    /// @dev What an owner collected before there were shares is not divided again.
    function _admit(address token) private {
        Stream storage stream = _streams[token];
        require(!stream.admitted && _tokens.length < TOKENS, Shares_Admitted(token, _tokens.length));
        stream.admitted = true;
        stream.earned = SafeCast.toUint128(ROYALTIES.paid(token, asset()));
        _tokens.push(token);
        emit Admitted(token);
    }

    /// @dev Asset and issuer as they stand in this clone's code.
    function _identity() private view returns (uint256 id, address hands) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            id := mload(add(args, 32))
            hands := shr(96, mload(add(args, 64)))
        }
    }

    function _short() private view returns (string memory) {
        return Strings.toHexString(asset() >> 224, 4);
    }
}
